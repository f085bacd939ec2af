import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { CLIENT_TIMEOUTS } from '@greenroom/api/http/timeouts';
import { startTestServer } from '@greenroom/api/testing';
import { breakableConnection } from '@greenroom/api/testing/breakable-connection';
import { errorTable, type components, type ErrorCode } from '@greenroom/contract';
import { type Example, publicDocument } from '@greenroom/contract/document';
import { openDatabase } from '@greenroom/database';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { publicMessages } from '../src/pages/error-pages.ts';
import { site } from '../src/site/site.ts';
import { provocations, type Fixture } from './harness/provoked-errors.ts';

type ErrorBody = components['schemas']['ApiErrorEnvelope'];

const { components: parts } = createRequire(import.meta.url)('@greenroom/contract/openapi.json') as {
  components: { examples: Record<string, Example | undefined> };
};
const pages = new Map((await site()).map(({ path, content }) => [path, content.toString()]));

/** Codes whose messages have parameters that differ between runs or servers. */
const VARYING = new Set<ErrorCode>([
  'assignment.lost',
  'body.too_large',
  'concurrent_sessions',
  'rate_limit.exceeded',
  'webhook_endpoint.disabled',
  'route.not_found',
  'worker_identity.in_use',
  'worker_token.expired',
  'worker_token.not_yet_valid',
]);

let fixture: Fixture;
let end: () => Promise<void>;

beforeAll(async () => {
  const server = await startTestServer();
  const [full, impatient, strict] = await Promise.all([
    server.another({ maxInFlight: 0 }),
    server.another({ clientTimeouts: { ...CLIENT_TIMEOUTS, bodyMs: 100 } }),
    startTestServer({
      rateLimits: {
        requestsPerSecond: 100,
        createsPerSecond: 20,
        workerRequestsPerSecond: 1000,
        anonymousRequestsPerSecond: 1,
      },
    }),
  ]);
  const connection = await breakableConnection(server.databaseUrl);
  const database = openDatabase(connection.url, { poolSize: 2, applicationName: 'greenroom-cut-off' });
  const cutOff = await server.another({ database, databaseUrl: connection.url });
  await cutOff.request('/v1/limits');
  await connection.cut();
  const broken = await startTestServer();
  // The key stays cached for a while, but the tables are gone.
  await broken.request('/v1/limits');
  await broken.database.pool.query('ALTER SCHEMA public RENAME TO elsewhere');
  fixture = { server, full, impatient, strict, cutOff, broken };
  end = async () => {
    await cutOff.close();
    await database.close();
    await connection.close();
    await broken.close();
    await strict.close();
    await server.close();
  };
}, 60_000);
afterAll(() => end());

/** Returns whether a message is a template with its parameters filled in. */
function matchesTemplate(template: string, message: string): boolean {
  const literal = template.split(/\{\w+\}/).map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.+')}$`, 's').test(message);
}

describe.each(Object.entries(errorTable))('%s', (name, entry) => {
  const code = name as ErrorCode;
  const { type, status, example } = entry;

  test('is served with the message of the table', async () => {
    const served = await provocations[code](fixture);
    const text = typeof served === 'string' ? served : await served.text();
    const { error } = JSON.parse(text) as ErrorBody;
    expect(error).toMatchObject({ code, type, param: example.param });
    if (typeof served !== 'string') expect(served.status).toBe(status);
    const [template] = Object.values<string>(entry.messages);
    expect({ message: error.message, isOfTemplate: matchesTemplate(template ?? '', error.message) }).toEqual({
      message: VARYING.has(code) ? error.message : example.message,
      isOfTemplate: true,
    });
  });

  test('has the same message in the document and on its page', () => {
    const documented = parts.examples[code]?.value as ErrorBody | undefined;
    if (documented !== undefined) {
      const { message, param } = example;
      expect(documented.error).toMatchObject({ code, type, message, param });
    }
    const page = pages.get(`errors/${code}/index.md`);
    if ('x-internal' in entry) {
      expect(page).toBeUndefined();
    } else {
      expect(page).toContain(`"message": ${JSON.stringify(example.message)}`);
      const messages = publicMessages(publicDocument(), code);
      expect(messages.length).toBeGreaterThan(0);
      for (const template of messages) expect(page).toContain(template);
      for (const template of Object.values(entry.messages).filter((one) => !messages.includes(one))) {
        expect(page).not.toContain(template);
      }
    }
  });
});

test('only errors of requests that reach no operation lack an example in the document', () => {
  const without = Object.keys(errorTable).filter((code) => parts.examples[code] === undefined);
  expect(without).toEqual(['request.malformed', 'route.not_found', 'method.not_allowed']);
});

test.each(['openapi/info.md', 'apps/docs/guides/handling-errors.md'])(
  'the error that %s shows has the message of the table and the address of its page',
  async (path) => {
    const text = await readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');
    const [, source = ''] = /```json\n(\{\n {2}"error".+?)```/s.exec(text) ?? [];
    const { error } = JSON.parse(source) as ErrorBody;
    const { type, example } = errorTable[error.code];
    const page = `http://localhost:4000/docs/errors/${error.code}/`;
    expect(error).toMatchObject({ type, param: example.param, message: `${example.message} See ${page}.` });
  },
);
