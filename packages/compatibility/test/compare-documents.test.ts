import {
  type OpenApiDocument,
  type OperationObject,
  type Parameter,
  publicDocument,
  type Schema,
} from '@greenroom/contract/document';
import { describe, expect, test } from '@jest/globals';

import type { ChangeKind } from '../src/change.ts';
import { compareDocuments } from '../src/compare-documents.ts';

/** A small API, with a schema that is only sent, one that is only read, one that is both, and one that is exact. */
function toyDocument() {
  const limit: Parameter = { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 } };
  const refused = { 'toy.broken': { value: {} } };
  const list: OperationObject = {
    operationId: 'toys.list',
    security: [{ apiKey: ['toys:read'] }],
    parameters: [limit],
    responses: {
      200: {
        description: 'Toys.',
        headers: { 'X-Request-Id': {} },
        content: {
          'application/json': {
            schema: { type: 'array', items: { $ref: '#/components/schemas/Toy' } },
          },
        },
      },
      400: {
        description: 'No.',
        content: {
          'application/json': { schema: { $ref: '#/components/schemas/ErrorCode' }, examples: refused },
        },
      },
    },
  };
  const create: OperationObject = {
    operationId: 'toys.create',
    security: [],
    requestBody: {
      content: { 'application/json': { schema: { $ref: '#/components/schemas/ToyCreate' } } },
    },
    responses: {
      201: {
        description: 'The box.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Box' } } },
      },
    },
  };
  const Toy = {
    type: 'object',
    required: ['id', 'kind'],
    additionalProperties: false,
    properties: {
      id: { type: 'string', minLength: 1 },
      kind: { $ref: '#/components/schemas/Kind' },
      note: { type: ['string', 'null'] },
      mood: { type: 'string', 'x-extensible-enum': ['joy'] },
    } as Record<string, Schema>,
  };
  const ToyCreate = {
    type: 'object',
    required: ['kind'],
    additionalProperties: false as boolean | Schema,
    properties: {
      kind: { $ref: '#/components/schemas/Kind' },
      name: { type: 'string', minLength: 1, maxLength: 20, default: 'Toy' },
      power: {
        oneOf: [{ $ref: '#/components/schemas/Wind' }, { $ref: '#/components/schemas/Battery' }],
      },
    } as Record<string, Schema>,
  };
  const Kind = { type: 'string', enum: ['car', 'robot'] };
  const Box = {
    type: 'object',
    'x-exact': true,
    properties: { state: { type: 'string', enum: ['open'] } } as Record<string, Schema>,
  };
  const ErrorCode = {
    type: 'string',
    enum: ['toy.broken'],
    'x-errors': {
      'toy.broken': {
        ...{ status: 400, type: 'invalid_request', title: 'Toy broken' },
        ...{ messages: { default: 'The toy is broken.' }, cause: 'It fell.', action: 'Repair it.' },
      },
    },
  };
  const Wind = { type: 'object' };
  const Battery = { type: 'object' };
  const document: OpenApiDocument = {
    openapi: '3.1.0',
    info: { title: 'Toys', version: '1.0.0' },
    paths: { '/toys': { get: list, post: create } },
    components: { schemas: { Toy, ToyCreate, Kind, Box, ErrorCode, Wind, Battery } },
  };
  return { document, list, create, limit, refused, Toy, ToyCreate, Kind, Box, ErrorCode };
}

type Toys = ReturnType<typeof toyDocument>;

/** Returns the reported changes after `plant` has changed the toy document. */
function changesAfter(plant: (toys: Toys) => void): string[] {
  const toys = toyDocument();
  plant(toys);
  return compareDocuments(toyDocument().document, toys.document).map(
    ({ kind, subject, what }) => `${kind}: ${subject} ${what}`,
  );
}

test('a document does not differ from itself', () => {
  expect(compareDocuments(publicDocument(), publicDocument())).toEqual([]);
});

test('prose and examples are not compared', () => {
  const changed = changesAfter(({ list, Toy, refused }) => {
    list.summary = 'All toys';
    list.description = 'Every one of them.';
    Toy.properties['id'] = { ...Toy.properties['id'], description: 'Its id.', examples: ['toy_1'] };
    refused['toy.broken'].value = { other: true };
  });
  expect(changed).toEqual([]);
});

type Planted = [what: string, kind: ChangeKind, subject: string, plant: (toys: Toys) => void];

const OPERATIONS: Planted[] = [
  [
    'was removed: `GET /toys`',
    'breaking',
    'toys.list',
    ({ document }) => delete document.paths['/toys']?.get,
  ],
  [
    'was added: `DELETE /toys`',
    'addition',
    'toys.clear',
    ({ document, list }) => {
      document.paths['/toys'] = {
        ...document.paths['/toys'],
        delete: { ...list, operationId: 'toys.clear' },
      };
    },
  ],
  ['is the new name of `toys.list`', 'breaking', 'toys.all', ({ list }) => (list.operationId = 'toys.all')],
  ['is deprecated', 'deprecation', 'toys.list', ({ list }) => (list.deprecated = true)],
  [
    'needs the scope `toys:admin`',
    'breaking',
    'toys.list',
    ({ list }) => (list.security = [{ apiKey: ['toys:read', 'toys:admin'] }]),
  ],
  [
    'no longer needs the scope `toys:read`',
    'change',
    'toys.list',
    ({ list }) => (list.security = [{ apiKey: [] }]),
  ],
];

const PARAMETERS: Planted[] = [
  ['lost the query parameter `limit`', 'breaking', 'toys.list', ({ list }) => (list.parameters = [])],
  [
    'gained the query parameter `q`',
    'addition',
    'toys.list',
    ({ list }) => list.parameters?.push({ name: 'q', in: 'query', schema: {} }),
  ],
  [
    'requires the query parameter `q`',
    'breaking',
    'toys.list',
    ({ list }) => list.parameters?.push({ name: 'q', in: 'query', required: true, schema: {} }),
  ],
  ['requires the query parameter `limit`', 'breaking', 'toys.list', ({ limit }) => (limit.required = true)],
  [
    'has deprecated the query parameter `limit`',
    'deprecation',
    'toys.list',
    ({ limit }) => (limit.deprecated = true),
  ],
  [
    'changed `maximum` from `100` to `50`',
    'breaking',
    'toys.list limit',
    ({ limit }) => (limit.schema = { type: 'integer', maximum: 50 }),
  ],
  [
    'changed `maximum` from `100` to none',
    'change',
    'toys.list limit',
    ({ limit }) => (limit.schema = { type: 'integer' }),
  ],
];

const REQUESTS: Planted[] = [
  ['no longer takes a body', 'breaking', 'toys.create', ({ create }) => delete create.requestBody],
  ['takes a body', 'addition', 'toys.list', ({ list }) => (list.requestBody = { content: {} })],
  [
    'requires a body',
    'breaking',
    'toys.list',
    ({ list }) => (list.requestBody = { required: true, content: {} }),
  ],
  ['was removed', 'breaking', 'ToyCreate.name', ({ ToyCreate }) => delete ToyCreate.properties['name']],
  ['was added', 'addition', 'ToyCreate.size', ({ ToyCreate }) => (ToyCreate.properties['size'] = {})],
  [
    'was added and is required',
    'breaking',
    'ToyCreate.size',
    ({ ToyCreate }) => {
      ToyCreate.properties['size'] = {};
      ToyCreate.required.push('size');
    },
  ],
  ['is now required', 'breaking', 'ToyCreate.name', ({ ToyCreate }) => ToyCreate.required.push('name')],
  ['is no longer required', 'change', 'ToyCreate.kind', ({ ToyCreate }) => (ToyCreate.required = [])],
  [
    'is deprecated',
    'deprecation',
    'ToyCreate.name',
    ({ ToyCreate }) => (ToyCreate.properties['name'] = { ...ToyCreate.properties['name'], deprecated: true }),
  ],
  [
    'changed type from string to string or null',
    'change',
    'ToyCreate.name',
    ({ ToyCreate }) =>
      (ToyCreate.properties['name'] = { ...ToyCreate.properties['name'], type: ['string', 'null'] }),
  ],
  [
    'changed type from string to integer',
    'breaking',
    'ToyCreate.name',
    ({ ToyCreate }) => (ToyCreate.properties['name'] = { ...ToyCreate.properties['name'], type: 'integer' }),
  ],
  [
    'changed `minLength` from `1` to `2`',
    'breaking',
    'ToyCreate.name',
    ({ ToyCreate }) => (ToyCreate.properties['name'] = { ...ToyCreate.properties['name'], minLength: 2 }),
  ],
  [
    'changed `pattern` from none to `"^a"`',
    'breaking',
    'ToyCreate.name',
    ({ ToyCreate }) => (ToyCreate.properties['name'] = { ...ToyCreate.properties['name'], pattern: '^a' }),
  ],
  [
    'changed `default` from `"Toy"` to `"Car"`',
    'breaking',
    'ToyCreate.name',
    ({ ToyCreate }) => (ToyCreate.properties['name'] = { ...ToyCreate.properties['name'], default: 'Car' }),
  ],
  [
    'lost the variant `Battery`',
    'breaking',
    'ToyCreate.power',
    ({ ToyCreate }) => ToyCreate.properties['power']?.oneOf?.pop(),
  ],
  [
    'gained the variant `Solar`',
    'addition',
    'ToyCreate.power',
    ({ document, ToyCreate }) => {
      document.components.schemas['Solar'] = {};
      ToyCreate.properties['power']?.oneOf?.push({ $ref: '#/components/schemas/Solar' });
    },
  ],
  [
    'is now restricted',
    'breaking',
    'Wind.*',
    ({ document }) => (document.components.schemas['Wind'] = { type: 'object', additionalProperties: false }),
  ],
];

const RESPONSES: Planted[] = [
  ['was removed', 'breaking', 'Toy.note', ({ Toy }) => delete Toy.properties['note']],
  ['was added', 'addition', 'Toy.size', ({ Toy }) => (Toy.properties['size'] = {})],
  ['was added', 'breaking', 'Box.size', ({ Box }) => (Box.properties['size'] = {})],
  ['is no longer required', 'breaking', 'Toy.kind', ({ Toy }) => (Toy.required = ['id'])],
  ['is now required', 'change', 'Toy.note', ({ Toy }) => Toy.required.push('note')],
  [
    'changed type from string to string or null',
    'breaking',
    'Toy.id',
    ({ Toy }) => (Toy.properties['id'] = { ...Toy.properties['id'], type: ['string', 'null'] }),
  ],
  [
    'changed type from string or null to string',
    'change',
    'Toy.note',
    ({ Toy }) => (Toy.properties['note'] = { type: 'string' }),
  ],
  [
    'gained the value `shut`',
    'breaking',
    'Box.state',
    ({ Box }) => (Box.properties['state'] = { type: 'string', enum: ['open', 'shut'] }),
  ],
  [
    'no longer has a fixed set of values',
    'breaking',
    'Box.state',
    ({ Box }) => (Box.properties['state'] = { type: 'string', 'x-extensible-enum': ['open'] }),
  ],
  [
    'gained the value `rest`',
    'addition',
    'Toy.mood',
    ({ Toy }) => (Toy.properties['mood'] = { type: 'string', 'x-extensible-enum': ['joy', 'rest'] }),
  ],
  ['may return 404', 'addition', 'toys.list', ({ list }) => (list.responses['404'] = { description: 'No.' })],
  ['no longer returns 400', 'change', 'toys.list', ({ list }) => delete list.responses['400']],
  ['no longer returns 200', 'breaking', 'toys.list', ({ list }) => delete list.responses['200']],
  [
    'may return 400 `toy.lost`',
    'addition',
    'toys.list',
    ({ refused }) => Object.assign(refused, { 'toy.lost': { value: {} } }),
  ],
  [
    'gained the value `toy.lost`',
    'addition',
    'ErrorCode',
    ({ ErrorCode }) => ErrorCode.enum.push('toy.lost'),
  ],
  [
    'changed status from 400 to 409',
    'breaking',
    'toy.broken',
    ({ ErrorCode }) => (ErrorCode['x-errors']['toy.broken'].status = 409),
  ],
  [
    'no longer sends `X-Request-Id` with 200',
    'breaking',
    'toys.list',
    ({ list }) => delete (list.responses['200'] as { headers?: unknown }).headers,
  ],
];

const SENT_AND_READ: Planted[] = [
  ['lost the value `robot`', 'breaking', 'Kind', ({ Kind }) => Kind.enum.pop()],
  ['gained the value `doll`', 'addition', 'Kind', ({ Kind }) => Kind.enum.push('doll')],
];

describe.each([
  ['an operation', OPERATIONS],
  ['a parameter', PARAMETERS],
  ['a request', REQUESTS],
  ['a response', RESPONSES],
  ['a schema of requests and responses', SENT_AND_READ],
])('a change of %s is reported once:', (_, planted) => {
  test.each(planted)('%s (%s, %s)', (what, kind, subject, plant) => {
    expect(changesAfter(plant)).toEqual([`${kind}: ${subject} ${what}`]);
  });
});

test('the most severe changes come first', () => {
  const kinds = changesAfter(({ list, Toy }) => {
    list.deprecated = true;
    Toy.properties['size'] = {};
    Toy.required.push('note');
    delete Toy.properties['id'];
  }).map((line) => line.split(':')[0]);
  expect([...new Set(kinds)]).toEqual(['breaking', 'deprecation', 'addition', 'change']);
});
