export { CHANGE_KINDS, type Change, type ChangeKind } from './change.ts';
export { changelogText } from './changelog-text.ts';
export { changelog, unannouncedBreaks, type ChangelogEntry } from './changelog.ts';
export { compareDocuments } from './compare-documents.ts';
export { deprecationsOf } from './deprecations.ts';
export { compareVersions, readReleases, RELEASES_FOLDER, type Release } from './releases.ts';
