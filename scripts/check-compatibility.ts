/** Fails where the document breaks what its last release promised, unless the major version of info.version has grown. */
import { unannouncedBreaks } from '@greenroom/docs/changelog/changelog';
import { readReleases } from '@greenroom/docs/changelog/releases';
import { publicDocument } from '@greenroom/docs/document/public-document';

const releases = readReleases();
const last = releases[0]?.document.info.version ?? 'none';
const breaks = unannouncedBreaks(releases, publicDocument());

if (breaks.length > 0) {
  const lines = breaks.map(({ subject, what }) => `  ${subject} ${what}`);
  console.error(
    `The document breaks programs that were written for release ${last}:\n${lines.join('\n')}\n` +
      'Keep what there was, or raise the major version of info.version in openapi/openapi.yaml.',
  );
  process.exitCode = 1;
} else {
  console.log(`The document keeps what release ${last} promised.`);
}
