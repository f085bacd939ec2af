import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openDatabase, type Database } from '@greenroom/database';
import { createTestDatabase } from '@greenroom/database/testing';
import { freePort, until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';

import { runProgram, type Program } from '../harness/programs.ts';
import type { Schemas } from '../harness/responses.ts';
import { signatureHeaders, startReceiver, type WebhookReceiver } from '../harness/webhook-receiver.ts';

jest.setTimeout(120_000);

const HOUR_MS = 3_600_000;
/** The number of concurrent attempts at an endpoint that a process does not know. */
const FIRST_ATTEMPTS = 4;

let dataDir: string;
let testDatabase: Awaited<ReturnType<typeof createTestDatabase>>;
let database: Database;
let receiver: WebhookReceiver;
let running: Program | null = null;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'greenroom-webhooks-'));
  testDatabase = await createTestDatabase();
  database = openDatabase(testDatabase.url, { poolSize: 2, applicationName: 'greenroom-test' });
  receiver = await startReceiver();
});
afterAll(async () => {
  await kill();
  await receiver.close();
  await database.close();
  await testDatabase.drop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Starts a process whose clock is wrong by `shiftMs`. */
async function start(shiftMs: number): Promise<(path: string, json?: object) => Promise<unknown>> {
  const port = String(await freePort());
  running = runProgram('main.ts', [], {
    NODE_OPTIONS: `--import ${new URL('../harness/shifted-clock.mjs', import.meta.url).href}`,
    CLOCK_SHIFT_MS: String(shiftMs),
    DATABASE_URL: testDatabase.url,
    GREENROOM_DATA_DIR: dataDir,
    GREENROOM_ALLOW_LOCAL_WEBHOOKS: 'true',
    PORT: port,
  });
  await running.printed(/^ +curl .*\n/m);
  const { test_key: key = '' } = JSON.parse(await readFile(join(dataDir, 'dev.json'), 'utf8')) as Record<
    string,
    string
  >;
  return async (path, json) => {
    const response = await fetch(`http://127.0.0.1:${port}/v1/${path}`, {
      method: json === undefined ? 'GET' : 'POST',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
    return response.json();
  };
}

async function kill(): Promise<void> {
  running?.process.kill('SIGKILL');
  await running?.exited;
  running = null;
}

test('a process that is killed between an attempt and its record loses no delivery regardless of its clock', async () => {
  receiver.respond = () => undefined;
  const request = await start(HOUR_MS);
  const { id, secret } = (await request('webhook_endpoints', {
    url: receiver.url,
  })) as Schemas['WebhookEndpointWithSecret'];
  const sent = (await request(`webhook_endpoints/${id}/test`, {})) as Schemas['WebhookDelivery'];
  const first = await receiver.next();
  await kill();
  expect(new Webhook(secret).verify(first.body, signatureHeaders(first))).toMatchObject({ type: 'ping' });

  // Another process takes the delivery when the claim has expired.
  await database.pool.query(
    `UPDATE webhook_deliveries SET claimed_until = now(), next_attempt_at = now() - interval '10 s'`,
  );
  receiver.received = [];
  receiver.respond = (response) => response.writeHead(204).end();
  const again = await start(-HOUR_MS);
  const second = await receiver.next();
  expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
  expect(second.body).toBe(first.body);
  expect(new Webhook(secret).verify(second.body, signatureHeaders(second))).toMatchObject({ type: 'ping' });
  const get = async () => (await again(`webhook_deliveries/${sent.id}`)) as Schemas['WebhookDelivery'];
  await until(async () => (await get()).status === 'succeeded');
  expect((await get()).attempts).toHaveLength(1);
});

test('a stopping process begins no attempts, records those in progress, and leaves the rest to the next one', async () => {
  const held: (() => void)[] = [];
  receiver.received = [];
  receiver.respond = (response, { path }) => {
    const end = () => response.writeHead(204).end();
    if (path === '/stopping') held.push(end);
    else end();
  };
  const ids = () =>
    receiver.received.flatMap(({ path, headers }) => (path === '/stopping' ? [headers['webhook-id']] : []));
  await kill();
  const request = await start(0);
  const { id } = (await request('webhook_endpoints', {
    url: `${receiver.url}/stopping`,
    event_types: ['credits.low'],
  })) as Schemas['WebhookEndpoint'];
  await database.pool.query(
    `WITH account AS (
       UPDATE accounts SET event_sequence = event_sequence + 20 WHERE org_id = 'dev' AND mode = 'test' RETURNING event_sequence
     )
     INSERT INTO events (org_id, mode, id, sequence, type, data)
     SELECT 'dev', 'test', 'evt_01M85CEE6ZBC8QC8N8K37100' || lpad(number::text, 2, '0'), event_sequence - 20 + number,
            'credits.low', '{"object": "credits", "balance": 1, "reserved": 0, "available": 1, "threshold": 5}'
       FROM account, generate_series(1, 20) AS number`,
  );
  await until(() => held.length === FIRST_ATTEMPTS);
  running?.process.kill('SIGTERM');
  await running?.printed(/stopping/);
  for (const release of held) release();
  await running?.exited;
  running = null;
  expect(ids()).toHaveLength(FIRST_ATTEMPTS);
  const count = async (status: string) =>
    (
      await database.pool.query(`SELECT 1 FROM webhook_deliveries WHERE endpoint_id = $1 AND status = $2`, [
        id,
        status,
      ])
    ).rowCount;
  expect(await count('succeeded')).toBe(FIRST_ATTEMPTS);

  receiver.respond = (response) => response.writeHead(204).end();
  await start(0);
  await until(async () => (await count('succeeded')) === 20);
  expect(new Set(ids()).size).toBe(20);
  expect(ids()).toHaveLength(20);
});
