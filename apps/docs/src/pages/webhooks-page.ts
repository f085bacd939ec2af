import {
  examplesOf,
  resolve,
  type OpenApiDocument,
  type OperationObject,
  type RequestBody,
  type Response,
} from '@greenroom/contract/document';

import type { Block } from '../blocks/block.ts';
import { propertyFields } from '../document/schema-fields.ts';
import type { Page } from './page.ts';

/** Returns the page with the body of each webhook. */
export function webhooksPage(document: OpenApiDocument): Page {
  const webhooks = Object.entries(document.webhooks ?? {}).flatMap(([type, { post }]) =>
    post === undefined ? [] : [{ type, post }],
  );
  const [first] = webhooks;
  return {
    path: '/webhooks/',
    title: 'Webhooks',
    description: 'The types of events posted to your webhook endpoints, with an example of each body.',
    section: 'Reference',
    keywords: webhooks.map(({ type }) => type),
    blocks: [
      {
        kind: 'prose',
        text: '[Receive webhooks](/guides/receive-webhooks/) shows how to set up an endpoint and verify deliveries.',
      },
      ...(first === undefined ? [] : shared(document, first.post)),
      ...webhooks.flatMap(({ type, post }) => webhook(document, type, post)),
    ],
  };
}

/** Returns the description of bodies and responses, which is the same for all webhooks. */
function shared(document: OpenApiDocument, post: OperationObject): Block[] {
  const { schema } = bodyOf(document, post);
  const response = post.responses['default'];
  return [
    { kind: 'heading', level: 2, text: 'Body' },
    ...(schema === undefined ? [] : [{ kind: 'fields' as const, fields: propertyFields(document, schema) }]),
    { kind: 'heading', level: 2, text: 'Your response' },
    ...(response === undefined
      ? []
      : [{ kind: 'prose' as const, text: resolve<Response>(document, response).description }]),
  ];
}

function webhook(document: OpenApiDocument, type: string, post: OperationObject): Block[] {
  return [
    { kind: 'heading', level: 2, text: type },
    { kind: 'prose', text: `${post.summary ?? type}.` },
    ...examplesOf(document, bodyOf(document, post)).map(({ value }): Block => {
      return {
        kind: 'code',
        code: { title: type, language: 'json', source: JSON.stringify(value, null, 2) },
      };
    }),
  ];
}

function bodyOf(document: OpenApiDocument, { requestBody }: OperationObject) {
  const content = requestBody && resolve<RequestBody>(document, requestBody).content;
  return content?.['application/json'] ?? {};
}
