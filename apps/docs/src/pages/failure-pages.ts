import { moves, type Move } from '@greenroom/api/sessions/lifecycle';
import { failureCodeValues, type FailureCode } from '@greenroom/contract';

import type { Block } from '../blocks/block.ts';
import { json } from '../document/examples.ts';
import type { Example, OpenApiDocument } from '../document/openapi-document.ts';
import type { Page } from './page.ts';
import { failurePath } from './paths.ts';

/** What the document says of each failure code: one line of its description each. */
export function failureTexts(document: OpenApiDocument): Record<FailureCode, string> {
  const { description = '' } = document.components.schemas['FailureCode'] ?? {};
  const lines = [...description.matchAll(/^- `([\w.]+)`: ([^]*?)(?=\n- |\n\n|$(?![^]))/gm)];
  const texts = new Map(lines.map(([, code = '', text = '']) => [code, text.replaceAll(/\s+/g, ' ').trim()]));
  return Object.fromEntries(
    failureCodeValues.map((code) => {
      const text = texts.get(code);
      if (text === undefined) throw new Error(`The document does not explain the failure ${code}`);
      return [code, text.charAt(0).toUpperCase() + text.slice(1)];
    }),
  ) as Record<FailureCode, string>;
}

export function failurePages(document: OpenApiDocument): Page[] {
  const texts = failureTexts(document);
  return failureCodeValues.map((code) => ({
    path: failurePath(code),
    title: `Failure ${code}`,
    description: texts[code],
    section: 'Failures',
    keywords: [code],
    blocks: [
      { kind: 'prose', text: texts[code] },
      ...decidedByServer(code),
      {
        kind: 'prose',
        text: 'A failed session keeps its `failure` for good, and its last event has the reason. Read both with `sessions.get` and `sessions.events`. Only what was delivered before is charged.',
      },
    ],
    aside: [
      {
        kind: 'code',
        code: {
          title: 'In the session',
          language: 'json',
          source: json(example(document, code, texts[code])),
        },
      },
    ],
  }));
}

/** The moves of the lifecycle table that end in this failure, in the table's own words. */
function decidedByServer(code: FailureCode): Block[] {
  const failing = Object.values<Move>(moves).filter(({ failure }) => failure?.code === code);
  if (failing.length === 0) {
    return [{ kind: 'prose', text: 'The worker reports it, from `starting` or `running`.' }];
  }
  return [
    { kind: 'heading', level: 2, text: 'When the server decides it' },
    ...failing.map(({ from, reason, failure }): Block => ({
      kind: 'prose',
      text: `From ${from.map((status) => `\`${status}\``).join(', ')}, with the reason \`${reason}\` in the events: ${failure?.message ?? ''}`,
    })),
  ];
}

function example(document: OpenApiDocument, code: FailureCode, text: string): unknown {
  const examples = Object.values((document.components['examples'] ?? {}) as Record<string, Example>);
  const failures = examples.map(
    ({ value }) => (value as { failure?: { code: string } } | undefined)?.failure,
  );
  const message = moveMessage(code) ?? text;
  return {
    status: 'failed',
    failure: failures.find((failure) => failure?.code === code) ?? { code, message },
  };
}

function moveMessage(code: FailureCode): string | undefined {
  return Object.values<Move>(moves).find(({ failure }) => failure?.code === code)?.failure?.message;
}

export function failuresPage(document: OpenApiDocument): Page {
  const texts = failureTexts(document);
  return {
    path: '/failures/',
    title: 'Failure codes',
    description: 'Why a session failed: whose fault it was and what to do.',
    section: 'Failures',
    blocks: [
      {
        kind: 'prose',
        text: 'A request is refused with an [error](/errors/). A session that was created can still fail; its `failure.code` says why.',
      },
      {
        kind: 'links',
        links: failureCodeValues.map((code) => ({ title: code, href: failurePath(code), text: texts[code] })),
      },
    ],
  };
}
