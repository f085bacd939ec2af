import type { OpenApiDocument } from '../document/openapi-document.ts';
import { changelogText } from '../machine/changelog/changelog-text.ts';
import { changelog } from '../machine/changelog/changelog.ts';
import { deprecationsOf } from '../machine/changelog/deprecations.ts';
import { readReleases } from '../machine/changelog/releases.ts';
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
