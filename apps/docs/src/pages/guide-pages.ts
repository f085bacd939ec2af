import { readFileSync } from 'node:fs';

import type { Block } from '../blocks/block.ts';
import { guidePath } from '../paths.ts';
import { lifecycleFigure } from './lifecycle-figure.ts';
import type { Page } from './page.ts';

const FOLDER = new URL('../../guides/', import.meta.url);

/** The guides in reading order. */
export const GUIDES = [
  'quickstart',
  'rooms-and-tokens',
  'avatars',
  'lifecycle',
  'test-mode',
  'follow-events',
  'console',
  'idempotency',
  'paging',
  'receive-webhooks',
  'usage-and-credits',
  'handling-errors',
  'run-a-worker',
  'install',
  'deploy',
  'operate',
  'upgrade',
  'monitor',
  'traces',
  'scale',
] as const;

export function guidePages(): Page[] {
  return GUIDES.map(guidePage);
}

function guidePage(name: (typeof GUIDES)[number]): Page {
  const text = withSitePaths(readFileSync(new URL(`${name}.md`, FOLDER), 'utf8'));
  const [, title, description, rest] = /^# (.+)\n\n([^]+?)\n\n([^]*)$/.exec(text) ?? [];
  if (title === undefined || description === undefined || rest === undefined) {
    throw new Error(`The guide ${name} must begin with a title and a paragraph.`);
  }
  return {
    path: guidePath(name),
    title,
    description: description.replaceAll('\n', ' '),
    section: 'Guides',
    blocks: blocksOf(rest),
  };
}

/** In the repository guides link to each other's files; on the site, to each other's pages. */
function withSitePaths(text: string): string {
  return text.replaceAll(
    /\]\(([a-z-]+)\.md(#[^)]*)?\)/g,
    (_, name: string, anchor = '') => `](${guidePath(name)}${String(anchor)})`,
  );
}

const FIGURE = '<!-- lifecycle-figure -->';

/** Replaces the placeholder of the figure by the diagram. */
function blocksOf(text: string): Block[] {
  return text
    .split(FIGURE)
    .flatMap((part, index): Block[] => [
      ...(index > 0 ? [lifecycleFigure()] : []),
      { kind: 'prose', text: part.trim() },
    ]);
}
