import type { OpenApiDocument } from '@greenroom/contract/document';

import type { Change } from './change.ts';
import { compareDocuments } from './compare-documents.ts';
import { majorOf, type Release } from './releases.ts';

export interface ChangelogEntry {
  /** Null for changes that are not released yet. */
  release: { version: string; date: string } | null;
  /** The changes since the previous release; null for the first release. */
  changes: Change[] | null;
}

/** Returns the changes of each release, newest first, after those of the current document. */
export function changelog(releases: readonly Release[], present: OpenApiDocument): ChangelogEntry[] {
  const [last] = releases;
  const unreleased = last === undefined ? [] : compareDocuments(last.document, present);
  return [
    ...(unreleased.length > 0 ? [{ release: null, changes: unreleased }] : []),
    ...releases.map(({ date, document }, index) => {
      const previous = releases[index + 1];
      return {
        release: { version: document.info.version, date },
        changes: previous === undefined ? null : compareDocuments(previous.document, document),
      };
    }),
  ];
}

/** Returns the breaking changes since the last release, unless the major version is higher. */
export function unannouncedBreaks(releases: readonly Release[], present: OpenApiDocument): Change[] {
  const [last] = releases;
  if (last === undefined || majorOf(present.info.version) > majorOf(last.document.info.version)) return [];
  return compareDocuments(last.document, present).filter(({ kind }) => kind === 'breaking');
}
