import { readFileSync } from 'node:fs';

import type { Block } from '../blocks/block.ts';
import { guidePath } from '../paths.ts';
import { lifecycleFigure } from './lifecycle-figure.ts';
import type { Page } from './page.ts';

const FOLDER = new URL('../../guides/', import.meta.url);

/** The guides in reading order, as the navigation groups them. */
export const GUIDE_GROUPS = [
  {
    title: 'Start',
    guides: ['quickstart', 'see-an-avatar', 'console', 'rooms-and-tokens', 'avatars', 'test-mode'],
  },
  {
    title: 'Connect your agent',
    guides: [
      'livekit-agents',
      'livekit-agents-node',
      'pipecat',
      'generated-clients',
      'generated-client-go',
      'migrate',
    ],
  },
  {
    title: 'Build',
    guides: [
      'lifecycle',
      'follow-events',
      'receive-webhooks',
      'handling-errors',
      'troubleshooting',
      'idempotency',
      'paging',
      'usage-and-credits',
    ],
  },
  {
    title: 'Run the server',
    guides: ['install', 'run-a-worker', 'deploy', 'operate', 'upgrade', 'monitor', 'traces', 'scale'],
  },
] as const;

export const GUIDES = GUIDE_GROUPS.flatMap(({ guides }): readonly GuideName[] => guides);

type GuideName = (typeof GUIDE_GROUPS)[number]['guides'][number];

export function guidePages(): Page[] {
  return GUIDES.map(guidePage);
}

function guidePage(name: GuideName): Page {
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
    blocks: [...clientNote(rest), ...blocksOf(rest)],
  };
}

/** In the repository, guides link to each other's files; on the site, to each other's pages. */
function withSitePaths(text: string): string {
  return text.replaceAll(
    /\]\(([a-z-]+)\.md(#[^)]*)?\)/g,
    (_, name: string, anchor = '') => `](${guidePath(name)}${String(anchor)})`,
  );
}

/** Where a guide has the diagram of the lifecycle, or a file of the playground to copy. */
const PLACEHOLDER = /<!-- (lifecycle-figure|[a-z-]+\.js) -->/;
const CLIENT_PAGE = guidePath('generated-clients');

/** Returns a note on how to get the client, for guides that use the client but do not explain that. */
function clientNote(text: string): Block[] {
  if (!text.includes("from '@greenroom/client'") || text.includes(CLIENT_PAGE)) return [];
  return [
    {
      kind: 'prose',
      text: `The programs below use \`@greenroom/client\`: [install it](${CLIENT_PAGE}) first.`,
    },
  ];
}

/** Replaces the placeholders in a guide with their content. */
function blocksOf(text: string): Block[] {
  return text.split(PLACEHOLDER).map((part, index): Block => {
    if (index % 2 === 0) return { kind: 'prose', text: part.trim() };
    return part === 'lifecycle-figure' ? lifecycleFigure() : fileOfPlayground(part);
  });
}

function fileOfPlayground(name: string): Block {
  const source = readFileSync(new URL(`../browser/playground/${name}`, import.meta.url), 'utf8');
  return { kind: 'code', code: { title: name, language: 'js', source } };
}
