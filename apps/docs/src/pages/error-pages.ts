import { errorTable, type ErrorCode } from '@greenroom/contract';
import { operationsOf, resolve, valuesOf, type OpenApiDocument } from '@greenroom/contract/document';

import type { Block } from '../blocks/block.ts';
import { errorPath, operationPath } from '../paths.ts';
import type { Page } from './page.ts';

/** The codes that customers can get: those of the public document. */
export function publicErrorCodes(document: OpenApiDocument): ErrorCode[] {
  return (valuesOf(document.components.schemas['ErrorCode']) ?? []) as ErrorCode[];
}

/** The message templates of a code that customers can get. */
export function publicMessages({ components }: OpenApiDocument, code: ErrorCode): string[] {
  return Object.values(components.schemas['ErrorCode']?.['x-errors']?.[code]?.messages ?? {});
}

/** Returns a page for each error code of the document. */
export function errorPages(document: OpenApiDocument): Page[] {
  return publicErrorCodes(document).map((code) => errorPage(document, code));
}

function errorPage(document: OpenApiDocument, code: ErrorCode): Page {
  const { status, type, title, cause, action } = errorTable[code];
  const templates = publicMessages(document, code);
  return {
    path: errorPath(code),
    title,
    description: cause,
    section: 'Errors',
    keywords: [code, String(status), type],
    blocks: [
      {
        kind: 'facts',
        facts: [
          { label: 'Code', text: `**${code}**` },
          { label: 'Status', text: String(status) },
          { label: 'Type', text: `\`${type}\`` },
        ],
      },
      { kind: 'heading', level: 2, text: 'What happened' },
      { kind: 'prose', text: cause },
      { kind: 'heading', level: 2, text: templates.length === 1 ? 'Message' : 'Messages' },
      ...templates.map((text): Block => ({ kind: 'prose', text })),
      { kind: 'heading', level: 2, text: 'What to do' },
      { kind: 'prose', text: action },
      ...returnedBy(document, code),
    ],
    aside: [
      {
        kind: 'code',
        code: { title: 'Response', language: 'json', source: JSON.stringify(envelope(code), null, 2) },
      },
    ],
  };
}

/** The error of the code's first message, as in the document's examples. */
function envelope(code: ErrorCode): unknown {
  const { type, example } = errorTable[code];
  return {
    error: {
      type,
      code,
      message: example.message,
      param: example.param,
      request_id: 'req_01KKGP79VGSRRGWTZF7M80NDQE',
    },
  };
}

function returnedBy(document: OpenApiDocument, code: ErrorCode): Block[] {
  const operations = operationsOf(document).filter(({ object }) =>
    Object.values(object.responses).some((response) => code in examplesIn(document, response)),
  );
  if (operations.length === 0) return [];
  return [
    { kind: 'heading', level: 2, text: 'Returned by' },
    {
      kind: 'links',
      links: operations.map(({ object, method }) => ({
        tag: method,
        title: object.operationId,
        href: operationPath(object.operationId),
        text: object.summary ?? '',
      })),
    },
  ];
}

function examplesIn(
  document: OpenApiDocument,
  response: Parameters<typeof resolve>[1],
): Record<string, unknown> {
  const { content } = resolve(document, response) as { content?: Record<string, { examples?: object }> };
  return { ...content?.['application/json']?.examples };
}

/** Returns the page that lists all codes by status. */
export function errorsPage(document: OpenApiDocument): Page {
  const codes = publicErrorCodes(document);
  const statuses = [...new Set(codes.map((code) => errorTable[code].status))].sort((a, b) => a - b);
  return {
    path: '/errors/',
    title: 'Error codes',
    description: 'Every error code of the API, its cause and what to do.',
    section: 'Errors',
    blocks: statuses.flatMap((status): Block[] => [
      { kind: 'heading', level: 2, text: `Status ${status}` },
      {
        kind: 'links',
        links: codes
          .filter((code) => errorTable[code].status === status)
          .map((code) => ({ title: code, href: errorPath(code), text: errorTable[code].title })),
      },
    ]),
  };
}
