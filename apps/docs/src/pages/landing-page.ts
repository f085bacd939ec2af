import type { OpenApiDocument } from '@greenroom/contract/document';

import { guidePath } from '../paths.ts';
import type { Page } from './page.ts';
import { stockPictures } from './stock-pictures.ts';

/** Returns the home page, with the description of the document. */
export function landingPage(document: OpenApiDocument): Page {
  const { summary = '', description = '' } = document.info;
  const [introduction = '', ...rest] = description.split(/\n(?=## )/);
  return {
    path: '/',
    title: summary.replace(/\.$/, ''),
    description: introduction.replaceAll(/```[^]*?```/g, '').trim(),
    section: 'Greenroom',
    blocks: [
      {
        kind: 'cards',
        cards: [
          {
            title: 'Quickstart',
            href: guidePath('quickstart'),
            text: 'From zero to a finished session in five minutes.',
          },
          {
            title: 'Playground',
            href: '/playground/',
            text: 'See an avatar and talk to it, in this browser and with a test key.',
          },
          {
            title: 'Try it',
            href: '/reference/',
            text: 'The interactive reference: call this server from your browser with your key.',
          },
          {
            title: 'Rooms and tokens',
            href: guidePath('rooms-and-tokens'),
            text: 'Bring your own LiveKit room, and mint the worker’s token.',
          },
          {
            title: 'Operations',
            href: '/operations/',
            text: 'One page for each operation, with samples to paste.',
          },
          { title: 'Error codes', href: '/errors/', text: 'The cause of each error, and what to do.' },
          {
            title: 'Deploy',
            href: guidePath('deploy'),
            text: 'Several processes, your own PostgreSQL, backups and monitoring.',
          },
        ],
      },
      { kind: 'heading', level: 2, text: 'Avatars' },
      {
        kind: 'prose',
        text: 'These avatars are on every server. [Upload a photograph](/guides/avatars/) for a face of your own.',
      },
      {
        kind: 'gallery',
        pictures: stockPictures().map(({ avatarId, path }) => ({ src: path, caption: avatarId })),
      },
      { kind: 'prose', text: rest.join('\n') },
      { kind: 'heading', level: 2, text: 'For machines' },
      {
        kind: 'prose',
        text: [
          '- [openapi.json](/openapi.json) and [openapi.yaml](/openapi.yaml): the document that all of this is made from',
          '- [postman.json](/postman.json): a Postman collection of it',
          '- [llms.txt](/llms.txt): the pages as Markdown, listed',
          '- `index.md` beside every page: the page as Markdown',
        ].join('\n'),
      },
    ],
    aside: [
      ...[...introduction.matchAll(/```(\w+)\n([^]*?)```/g)].map(([, language = '', source = '']) => ({
        kind: 'code' as const,
        code: { title: 'Create a session', language: language === 'sh' ? 'bash' : language, source },
      })),
    ],
  };
}
