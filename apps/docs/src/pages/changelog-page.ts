import { changelog, changelogText, deprecationsOf, readReleases } from '@greenroom/compatibility';
import type { OpenApiDocument } from '@greenroom/compatibility/document';
import type { Page } from './page.ts';

/** What each release of the document changed, found by comparing them. */
export function changelogPage(document: OpenApiDocument): Page {
  const text = changelogText(changelog(readReleases(), document), deprecationsOf(document));
  return {
    path: '/changelog/',
    title: 'Changelog',
    description: 'What each release of the API changed, found by comparing the documents themselves.',
    section: 'Reference',
    blocks: [{ kind: 'prose', text: text.replace(/^# .*\n+/, '') }],
  };
}
