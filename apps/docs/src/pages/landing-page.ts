import { createHmac } from 'node:crypto';

import type { OpenApiDocument } from '@greenroom/contract/document';

import { guidePath } from '../paths.ts';
import { GUIDE_GROUPS } from './guide-pages.ts';
import type { Page } from './page.ts';
import { stockPictures } from './stock-pictures.ts';

/** Returns the home page. `guides` are the pages that it lists by their titles. */
export function landingPage({ info }: OpenApiDocument, guides: readonly Page[]): Page {
  const titleOf = (path: string) => guides.find((guide) => guide.path === path)?.title ?? path;
  return {
    path: '/',
    title: (info.summary ?? '').replace(/\.$/, ''),
    description:
      'Create a session, and an avatar joins your room, listens to your agent and speaks with its voice. You mint the token, so your LiveKit secret stays with you.',
    section: 'Greenroom',
    blocks: [
      {
        kind: 'actions',
        actions: [
          { title: 'Quickstart', href: guidePath('quickstart') },
          { title: 'Try the API', href: '/reference/' },
        ],
      },
      { kind: 'heading', level: 2, text: 'How it works' },
      {
        kind: 'steps',
        steps: [
          {
            title: 'Mint a token',
            text: `For one room and one identity, with your LiveKit key. [Rooms and tokens](${guidePath('rooms-and-tokens')})`,
          },
          {
            title: 'Create a session',
            text: 'With the token and an avatar. The server checks the request at once, and every problem has a code. [`sessions.create`](/operations/sessions.create/)',
          },
          {
            title: 'See it speak',
            text: `A worker joins the room, takes your agent’s speech and publishes video and audio in sync. [Lifecycle](${guidePath('lifecycle')})`,
          },
        ],
      },
      {
        kind: 'prose',
        text: 'Try it now: set `GREENROOM_API_KEY` to the test key that the server printed when it started, and paste this. A simulator performs the session, free of charge.',
      },
      { kind: 'code', code: { title: 'Create a session', language: 'bash', source: firstRequest() } },
      { kind: 'heading', level: 2, text: 'Guides' },
      {
        kind: 'groups',
        groups: GUIDE_GROUPS.map(({ title, guides: names }) => ({
          title,
          links: names.map((name) => ({ title: titleOf(guidePath(name)), href: guidePath(name) })),
        })),
      },
      { kind: 'heading', level: 2, text: 'Reference' },
      {
        kind: 'cards',
        cards: [
          {
            title: 'Operations',
            href: '/operations/',
            text: 'A page for each operation, with samples in curl, JavaScript and Python.',
          },
          {
            title: 'Playground',
            href: '/playground/',
            text: 'See an avatar in your browser and speak through it, with a test key.',
          },
          {
            title: 'Try it',
            href: '/reference/',
            text: 'Call this server from your browser with your key.',
          },
          { title: 'Conventions', href: '/conventions/', text: 'Keys, pages, retries, limits and changes.' },
          {
            title: 'Webhooks',
            href: '/webhooks/',
            text: 'The events posted to your endpoints, with examples.',
          },
          { title: 'Error codes', href: '/errors/', text: 'The cause of each error, and what to do.' },
          { title: 'Failure codes', href: '/failures/', text: 'Why a session failed.' },
        ],
      },
      { kind: 'heading', level: 2, text: 'For machines' },
      {
        kind: 'prose',
        text: [
          '- [openapi.json](/openapi.json) and [openapi.yaml](/openapi.yaml): the document from which all of this is generated',
          '- [postman.json](/postman.json): a Postman collection of the API',
          '- [llms.txt](/llms.txt): a list of the pages as Markdown',
          '- `index.md` next to every page: the page as Markdown',
        ].join('\n'),
      },
    ],
    aside: [
      {
        kind: 'gallery',
        pictures: stockPictures().map(({ avatarId, path }) => ({ src: path, caption: avatarId })),
      },
    ],
  };
}

const ROOM = 'lobby';

/** Returns a request that runs unchanged with a test key, because a simulator accepts its token. */
function firstRequest(): string {
  const body = {
    avatar_id: 'av_stock_001',
    transport: { url: 'wss://livekit.example.com', room_name: ROOM, worker_token: '$TOKEN' },
  };
  const json = JSON.stringify(body, null, 2).replaceAll('\n', '\n  ').replace('$TOKEN', `'"$TOKEN"'`);
  return [
    `TOKEN=${sampleToken()}`,
    'curl http://localhost:4000/v1/sessions \\',
    '  -H "Authorization: Bearer $GREENROOM_API_KEY" \\',
    "  -H 'Content-Type: application/json' \\",
    `  -d '${json}'`,
  ].join('\n');
}

/** The first day of the year 2100. */
const FAR_FUTURE = 4_102_444_800;

/** Returns a token for the room of the sample, signed with the secret of LiveKit's development mode. */
function sampleToken(): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: 'devkey', exp: FAR_FUTURE, video: { room: ROOM, roomJoin: true } };
  const unsigned = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${unsigned}.${createHmac('sha256', 'secret').update(unsigned).digest('base64url')}`;
}
