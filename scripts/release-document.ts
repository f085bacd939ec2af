/**
 * Keeps the public document as a release: `pnpm release-document`. The version is that of `info.version`; from then on
 * `pnpm check` holds every change of the document against it, and the portal's changelog has a section for it.
 */
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { publicDocument } from '@greenroom/docs/document/public-document';
import { unannouncedBreaks } from '@greenroom/docs/changelog/changelog';
import { compareVersions, readReleases, RELEASES_FOLDER } from '@greenroom/docs/changelog/releases';

await mkdir(RELEASES_FOLDER, { recursive: true });
const document = publicDocument();
const { version } = document.info;
const releases = readReleases();
const file = join(RELEASES_FOLDER, `${version}.json`);
const last = releases[0]?.document.info.version;

const fault = (await exists(file))
  ? `${version} has been released. Raise info.version in openapi/openapi.yaml.`
  : last !== undefined && compareVersions(version, last) < 0
    ? `${version} is older than ${last}, the last release.`
    : unannouncedBreaks(releases, document).length > 0
      ? 'The document breaks what the last release promised: `pnpm compatibility` says what.'
      : null;

if (fault === null) {
  const date = new Date().toISOString().slice(0, 10);
  await writeFile(file, `${JSON.stringify({ date, document }, null, 2)}\n`);
  console.log(`Released ${version}: openapi/releases/${version}.json`);
} else {
  console.error(fault);
  process.exitCode = 1;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
