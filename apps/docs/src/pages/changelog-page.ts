import { changelog, changelogText, deprecationsOf, readReleases } from '@greenroom/compatibility';
import type { OpenApiDocument } from '@greenroom/contract/document';

import type { Page } from './page.ts';

/** Returns the page with the changes of each release, found by comparing the documents. */
export function changelogPage(document: OpenApiDocument): Page {
  const text = changelogText(changelog(readReleases(), document), deprecationsOf(document));
  return {
    path: '/changelog/',
    title: 'Changelog',
    description: 'The changes of each release of the API, from a comparison of the documents.',
    section: 'Reference',
    blocks: [{ kind: 'prose', text: text.replace(/^# .*\n+/, '') }],
  };
}
