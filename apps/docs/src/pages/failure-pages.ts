import {
  failureCodeValues,
  failureTexts,
  lifecycle,
  type FailureCode,
  type SessionStatus,
} from '@greenroom/contract';
import type { OpenApiDocument } from '@greenroom/contract/document';

import type { Block } from '../blocks/block.ts';
import { failurePath } from '../paths.ts';
import type { Page } from './page.ts';

export function failurePages(document: OpenApiDocument): Page[] {
  return failureCodeValues.map((code) => ({
    path: failurePath(code),
    title: `Failure ${code}`,
    description: failureTexts[code],
    section: 'Failures',
    keywords: [code],
    blocks: [
      { kind: 'prose', text: failureTexts[code] },
      ...decidedByServer(code),
      {
        kind: 'prose',
        text: 'The session has a `failure`, and its last event has the reason. Read them with `sessions.get` and `sessions.events`. Only video delivered before the failure is charged.',
      },
    ],
    aside: [
      {
        kind: 'code',
        code: {
          title: 'In the session',
          language: 'json',
          source: JSON.stringify(example(document, code, failureTexts[code]), null, 2),
        },
      },
    ],
  }));
}

/** Describes the transitions by the server that end in this failure. */
function decidedByServer(code: FailureCode): Block[] {
  const failing = transitionsTo(code);
  if (failing.length === 0) {
    const { from } = lifecycle.transitions.fail;
    return [
      {
        kind: 'prose',
        text: `The worker reports this failure in the status ${from.map(quoted).join(' or ')}.`,
      },
    ];
  }
  return [
    { kind: 'heading', level: 2, text: 'When the server sets this code' },
    ...failing.map(({ from, reason, failure }): Block => ({
      kind: 'prose',
      text: `From ${from.map(quoted).join(', ')}, with the reason \`${reason}\` in the events: ${failure.message}`,
    })),
  ];
}

function transitionsTo(code: FailureCode) {
  return Object.values(lifecycle.transitions).flatMap((transition) =>
    'failure' in transition && transition.failure.code === code ? [transition] : [],
  );
}

function quoted(status: SessionStatus): string {
  return `\`${status}\``;
}

function example(document: OpenApiDocument, code: FailureCode, text: string): unknown {
  const examples = Object.values(document.components.examples ?? {});
  const failures = examples.map(
    ({ value }) => (value as { failure?: { code: string } } | undefined)?.failure,
  );
  const message = transitionsTo(code)[0]?.failure.message ?? text;
  return {
    status: 'failed',
    failure: failures.find((failure) => failure?.code === code) ?? { code, message },
  };
}

export function failuresPage(): Page {
  return {
    path: '/failures/',
    title: 'Failure codes',
    description: 'Why a session failed.',
    section: 'Failures',
    blocks: [
      {
        kind: 'prose',
        text: 'A rejected request has an [error](/errors/). A session can still fail after its creation; `failure.code` says why.',
      },
      {
        kind: 'links',
        links: failureCodeValues.map((code) => ({
          title: code,
          href: failurePath(code),
          text: failureTexts[code],
        })),
      },
    ],
  };
}
