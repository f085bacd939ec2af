/**
 * Saves the public document as release `info.version`: `pnpm release-document`. From then on, `pnpm check` compares
 * every change of the document with it, and the portal's changelog has a section for it.
 */
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { compareVersions, readReleases, RELEASES_FOLDER, unannouncedBreaks } from '@greenroom/compatibility';
import { publicDocument } from '@greenroom/contract/document';

await mkdir(RELEASES_FOLDER, { recursive: true });
const document = publicDocument();
const { version } = document.info;
const releases = readReleases();
const file = join(RELEASES_FOLDER, `${version}.json`);
const last = releases[0]?.document.info.version;

const problem = (await exists(file))
  ? `${version} is already released. Increase info.version in openapi/openapi.yaml.`
  : last !== undefined && compareVersions(version, last) < 0
    ? `${version} is older than ${last}, the last release.`
    : unannouncedBreaks(releases, document).length > 0
      ? 'The document breaks clients of the last release. Run `pnpm compatibility` for details.'
      : null;

if (problem === null) {
  const date = new Date().toISOString().slice(0, 10);
  await writeFile(file, `${JSON.stringify({ date, document }, null, 2)}\n`);
  console.log(`Released ${version}: openapi/releases/${version}.json`);
} else {
  console.error(problem);
  process.exitCode = 1;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
