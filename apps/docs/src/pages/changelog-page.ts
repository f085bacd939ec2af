import { changelog, changelogText, deprecationsOf, readReleases } from '@greenroom/compatibility';
import type { OpenApiDocument } from '@greenroom/contract/document';

import type { Page } from './page.ts';

/** Returns the page with the changes of each release, found by comparing the documents. */
export function changelogPage(document: OpenApiDocument): Page {
  const text = changelogText(changelog(readReleases(), document), deprecationsOf(document));
  return {
    path: '/changelog/',
    title: 'Changelog',
    description: 'The changes in each release of the API, found by comparing the documents.',
    section: 'Reference',
    blocks: [{ kind: 'prose', text: text.replace(/^# .*\n+/, '') }],
  };
}
