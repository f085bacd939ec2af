import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { root } from './repository.ts';

const schema = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (name: string) => ({
  description: 'A response.',
  content: { 'application/json': { schema: schema(name) } },
});

const written = {
  openapi: '3.1.0',
  info: { title: 'Hosts', version: '1.0.0' },
  paths: {
    '/hosts': {
      get: {
        operationId: 'hosts.list',
        parameters: [
          {
            name: 'name',
            in: 'query',
            allowReserved: true,
            'x-for-server': 'name.bad',
            schema: schema('Order'),
          },
        ],
        responses: { 200: json('Host') },
      },
      post: {
        operationId: 'hosts.create',
        requestBody: { content: { 'application/json': { schema: schema('HostCreate') } } },
        responses: { 201: { $ref: '#/components/responses/Created' }, 422: json('ApiErrorEnvelope') },
      },
    },
  },
  webhooks: {
    'host.down': {
      post: {
        operationId: 'webhooks.hostDown',
        requestBody: { content: { 'application/json': { schema: schema('HostDown') } } },
        responses: { default: { description: 'Any status.' } },
      },
    },
  },
  components: {
    headers: { 'X-Request-Id': { schema: { type: 'string' } } },
    responses: { Created: json('Host') },
    securitySchemes: { customerKey: { type: 'http', scheme: 'bearer', description: 'Your key.' } },
    schemas: {
      HostId: { type: 'string', pattern: '^host_', description: 'An id.' },
      Order: { type: 'string', enum: ['up', 'down'] },
      State: { type: 'string', enum: ['on', 'off'] },
      Loss: {
        type: 'string',
        description: 'How the host was lost.',
        enum: ['fire', 'flood'],
        'x-losses': { fire: 'It burnt.', flood: 'It drowned.' },
      },
      Scope: { type: 'string', description: 'A permission.\n\n- `read`: reads.', enum: ['read'] },
      Note: { type: ['string', 'number', 'null'], maxLength: 9, description: 'A note.' },
      Host: {
        type: 'object',
        additionalProperties: false,
        properties: {
          id: { ...schema('HostId'), description: 'The id of the host.' },
          state: schema('State'),
          scope: schema('Scope'),
          loss: schema('Loss'),
          seen_at: { type: ['string', 'null'], format: 'date-time', pattern: 'Z$', maxLength: 24 },
          note: schema('Note'),
          parts: { type: 'array', items: { type: 'object', additionalProperties: false } },
        },
      },
      HostCreate: {
        type: 'object',
        additionalProperties: false,
        properties: {
          order: schema('Order'),
          state: { ...schema('State'), default: 'on' },
          labels: { ...schema('Labels'), default: {} },
          options: { type: 'object', default: { dry: true } },
          picture: { type: 'string', format: 'binary', maxLength: 9 },
        },
      },
      HostDown: { type: 'object', properties: { host: schema('Host') } },
      Labels: { type: 'object', additionalProperties: { type: 'string' } },
      ApiErrorEnvelope: { type: 'object', properties: { code: schema('ErrorCode') } },
      ErrorCode: {
        type: 'string',
        enum: ['host.missing', 'host.lost'],
        'x-errors': {
          'host.missing': {
            status: 404,
            messages: { default: 'No host `{name}` at {place}.', worker: 'No host for {worker} at {place}.' },
            'x-internal-messages': ['worker'],
            sample: { param: 'x', name: 'a', place: 'b', worker: 'c' },
          },
          'host.lost': { status: 409, 'x-internal': true },
        },
      },
    },
  },
};

/** The document that customers read. */
let pub: typeof written & {
  components: { schemas: Record<string, unknown>; responses: Record<string, unknown> };
};

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'greenroom-decorators-'));
  await writeFile(join(folder, 'hosts.json'), JSON.stringify(written));
  const names = [
    'drop-allow-reserved',
    'drop-internal-errors',
    'bare-formats',
    'drop-object-defaults',
    'split-types',
    'open-responses',
    'inline-scalars',
    'inline-webhook-bodies',
    'default-error',
    'describe-scopes',
  ];
  await writeFile(
    join(folder, 'redocly.yaml'),
    JSON.stringify({
      telemetry: 'off',
      plugins: [join(root, 'openapi/rules/plugin.js')],
      preprocessors: { 'greenroom/common-headers': { files: ['components/headers/RateLimit.yaml'] } },
      decorators: {
        'remove-x-internal': 'on',
        'greenroom/describe-values': { names: ['x-losses'] },
        'greenroom/drop-extensions': { names: ['x-for-server'] },
        ...Object.fromEntries(names.map((name) => [`greenroom/${name}`, 'on'])),
      },
    }),
  );
  const program = join(root, 'scripts/node_modules/.bin/redocly');
  await promisify(execFile)(program, ['bundle', 'hosts.json', '--output', 'public.json'], { cwd: folder });
  pub = JSON.parse(await readFile(join(folder, 'public.json'), 'utf8')) as typeof pub;
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test('clients encode every character of a parameter, and do not see extensions for the server', () => {
  expect(pub.paths['/hosts'].get.parameters).toEqual([
    { name: 'name', in: 'query', schema: schema('Order') },
  ]);
});

test('errors and messages that only workers can get are in neither the enum nor the table', () => {
  expect(pub.components.schemas.ErrorCode).toEqual({
    type: 'string',
    'x-extensible-enum': ['host.missing'],
    'x-errors': {
      'host.missing': {
        status: 404,
        messages: { default: 'No host `{name}` at {place}.' },
        sample: { param: 'x', name: 'a', place: 'b' },
      },
    },
  });
});

test('responses are open to new fields and values, at every depth and by every reference', () => {
  expect(pub.components.schemas.Host).not.toHaveProperty('additionalProperties');
  expect(pub.components.schemas.Host.properties.parts).toEqual({ type: 'array', items: { type: 'object' } });
  expect(pub.components.schemas.State).toEqual({ type: 'string', 'x-extensible-enum': ['on', 'off'] });
});

test('requests stay closed', () => {
  expect(pub.components.schemas.HostCreate.additionalProperties).toBe(false);
  expect(pub.components.schemas.Order).toEqual(written.components.schemas.Order);
  const { state } = pub.components.schemas.HostCreate.properties;
  expect(state).toEqual({ ...schema('RequestedState'), default: 'on' });
  expect(pub.components.schemas).toHaveProperty('RequestedState', written.components.schemas.State);
});

test('a date-time has no pattern, and neither a date-time nor a file has a length', () => {
  expect(pub.components.schemas.HostCreate.properties.picture).toEqual({ type: 'string', format: 'binary' });
  expect(pub.components.schemas.Host.properties.seen_at).toEqual({
    type: ['string', 'null'],
    format: 'date-time',
  });
});

test('a value of several types is any of them, and a whole number stays whole', () => {
  expect(pub.components.schemas.Note).toEqual({
    description: 'A note.',
    anyOf: [
      { type: 'string', maxLength: 9 },
      { type: 'integer', format: 'int64' },
      { type: 'number', format: 'double' },
      { type: 'null' },
    ],
  });
});

test('a plain value is inlined where it is used, with the description of that place', () => {
  expect(pub.components.schemas).not.toHaveProperty('HostId');
  expect(pub.components.schemas.Host.properties.id).toEqual({
    type: 'string',
    pattern: '^host_',
    description: 'The id of the host.',
  });
});

test('a default that is an object is left out', () => {
  const { labels, options } = pub.components.schemas.HostCreate.properties;
  expect(labels).toEqual(schema('Labels'));
  expect(options).toEqual({ type: 'object' });
});

test('the body of a webhook is inlined, because generators build only the components that paths use', () => {
  expect(pub.webhooks['host.down'].post.requestBody.content['application/json'].schema).toEqual(
    written.components.schemas.HostDown,
  );
});

test('every operation has a default response of the error shape', () => {
  const reference = { $ref: '#/components/responses/Default' };
  expect(pub.paths['/hosts'].get.responses).toHaveProperty('default', reference);
  expect(pub.paths['/hosts'].post.responses).toHaveProperty('default', reference);
  expect(pub.components.responses).toHaveProperty(
    ['Default', 'content', 'application/json', 'schema'],
    schema('ApiErrorEnvelope'),
  );
});

test('the API key explains its scopes', () => {
  expect(pub.components.securitySchemes.customerKey.description).toBe(
    'Your key.\nA key has one or more scopes:\n\n- `read`: reads.',
  );
});

test('a description lists the texts of the values', () => {
  expect(pub.components.schemas.Loss.description).toBe(
    'How the host was lost.\n\n- `fire`: It burnt.\n- `flood`: It drowned.\n',
  );
});

test('every response of the document has the common headers', () => {
  const headers = { RateLimit: { $ref: '#/components/headers/RateLimit' } };
  expect(pub.paths['/hosts'].get.responses[200]).toHaveProperty('headers', headers);
  expect(pub.components.responses).toHaveProperty('Created.headers', headers);
});
