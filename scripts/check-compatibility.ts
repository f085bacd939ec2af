/** Fails when the document breaks clients of its last release, unless the major version of `info.version` is higher. */
import { readReleases, unannouncedBreaks } from '@greenroom/compatibility';
import { publicDocument } from '@greenroom/contract/document';

const releases = readReleases();
const last = releases[0]?.document.info.version ?? 'none';
const breaks = unannouncedBreaks(releases, publicDocument());

if (breaks.length > 0) {
  const lines = breaks.map(({ subject, what }) => `  ${subject} ${what}`);
  console.error(
    `The document breaks clients of release ${last}:\n${lines.join('\n')}\n` +
      'Revert these changes, or increase the major version of info.version in openapi/openapi.yaml.',
  );
  process.exitCode = 1;
} else {
  console.log(`The document is compatible with release ${last}.`);
}
