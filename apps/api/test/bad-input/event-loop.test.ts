import { monitorEventLoopDelay } from 'node:perf_hooks';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { sessionCreate, until } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { startTestServer, type TestServer } from '../harness/test-server.ts';

/** The limit for blocking the event loop, on a machine that serves an ordinary request in 5 ms. */
const MAX_STALL_MS = 50;
const MAX_STALL_IN_ORDINARY_REQUESTS = 10;
/** The cost of a body is the same each time, unlike the load of other processes. */
const ATTEMPTS = 5;
const RESOLUTION_MS = 1;
const MIB = 1024 * 1024;

let server: TestServer;
let maxStallMs: number;

interface Hostile {
  method?: 'GET' | 'POST';
  path?: string;
  type?: string;
  encoding?: string;
  body?: Buffer;
}

async function send({
  method = 'POST',
  path = '/v1/sessions',
  type = 'application/json',
  encoding,
  body,
}: Hostile) {
  const response = await fetch(new URL(path, server.url), {
    method,
    headers: {
      Authorization: `Bearer ${server.keys.test}`,
      'Content-Type': type,
      ...(encoding !== undefined && { 'Content-Encoding': encoding }),
    },
    ...(body !== undefined && { body: new Uint8Array(body) }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** Returns the longest time that a request blocked the event loop, as the minimum over several attempts. */
async function stallMs(request: Hostile, attempts = ATTEMPTS): Promise<{ stallMs: number; status: number }> {
  let least = Infinity;
  let status = 0;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    // The monitor counts from its first tick.
    delay.enable();
    await until(() => delay.count > 0);
    status = await send(request);
    // A stall at the end is counted at the tick after it.
    const ticks = delay.count;
    await until(() => delay.count > ticks);
    delay.disable();
    least = Math.min(least, delay.max / 1e6);
  }
  return { stallMs: least, status };
}

beforeAll(async () => {
  server = await startTestServer();
  const body = Buffer.from(JSON.stringify(await sessionCreate()));
  await stallMs({ body });
  const ordinary = await stallMs({ body });
  expect(ordinary.status).toBe(201);
  maxStallMs = Math.max(MAX_STALL_MS, MAX_STALL_IN_ORDINARY_REQUESTS * ordinary.stallMs);
});
afterAll(() => server.close());

const filled = (text: string, bytes: number) => text.repeat(Math.floor(bytes / text.length));
const zeros = (bytes: number) => Buffer.from(`[${filled('0,', bytes)}0]`);
const nested = (open: string, close: string, depth: number) =>
  Buffer.from(`${open.repeat(depth)}1${close.repeat(depth)}`);
const members = (count: number, name: (index: number) => string) =>
  Buffer.from(`{${Array.from({ length: count }, (_, index) => `"${name(index)}":1`).join()}}`);
const inField = (name: string, body: Buffer) => Buffer.from(`{"${name}":${body.toString()}}`);
/** The size of the largest body that an operation reads. */
const ALLOWED = 70_000;

const plain: [name: string, body: Buffer][] = [
  ['an array of zeros', zeros(ALLOWED)],
  ['an array of empty arrays', Buffer.from(`[${filled('[],', ALLOWED)}[]]`)],
  ['an array of empty objects', Buffer.from(`[${filled('{},', ALLOWED)}{}]`)],
  ['nested arrays', nested('[', ']', ALLOWED / 2 - 1)],
  ['nested objects', nested('{"a":', '}', ALLOWED / 6 - 1)],
  ['nested metadata', inField('metadata', nested('{"a":', '}', ALLOWED / 6 - 20))],
  ['many unknown fields', members(6_000, (index) => `k${index}`)],
  ['many keys that are array indices', members(6_000, (index) => String(index * 65_536))],
  ['a key sent over and over', members(6_000, () => 'metadata')],
  [
    'metadata of many keys',
    inField(
      'metadata',
      members(6_000, (index) => `k${index}`),
    ),
  ],
  [
    'metadata of many keys with an unknown field',
    inField(
      'metadata',
      members(900, (index) => `k${index}`),
    ),
  ],
  ['a long string', inField('avatar_id', Buffer.from(`"${filled('x', ALLOWED - 20)}"`))],
  [
    'a long string of escapes',
    inField('avatar_id', Buffer.from(`"${filled(String.raw`\u00e9`, ALLOWED - 20)}"`)),
  ],
  ['a long URL', inField('transport', inField('url', Buffer.from(`"wss://${filled('a?', ALLOWED - 60)} "`)))],
  ['a number of many digits', inField('max_duration_seconds', Buffer.from(filled('9', ALLOWED - 40)))],
  [
    'a number with a huge exponent',
    inField('max_duration_seconds', Buffer.from(`1e${filled('9', ALLOWED - 40)}`)),
  ],
  ['blanks', Buffer.from(`{${filled(' ', ALLOWED - 2)}}`)],
  ['a megabyte of zeros', zeros(MIB - 16)],
  ['a megabyte of nested arrays', nested('[', ']', MIB / 2 - 16)],
];

describe('the event loop is not blocked by a body of', () => {
  test.each(plain)('%s', async (_name, body) => {
    const { stallMs: stall, status } = await stallMs({ body });
    expect([400, 413, 422]).toContain(status);
    expect(stall).toBeLessThan(maxStallMs);
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('a few bytes of %s that inflate to many', async (encoding, compress) => {
    for (const body of [
      zeros(ALLOWED),
      zeros(MIB - 16),
      Buffer.alloc(20 * MIB, ' '),
      nested('[', ']', MIB / 2 - 16),
    ]) {
      const { stallMs: stall, status } = await stallMs({ encoding, body: compress(body) });
      expect([413, 422]).toContain(status);
      expect(stall).toBeLessThan(maxStallMs);
    }
  });

  const part = (headers: string) => `--b\r\n${headers}\r\n\r\n\r\n`;
  const named = 'Content-Disposition: form-data; name="name"';
  test.each([
    ['a form of many parts', filled(part(named), MIB)],
    ['a form of many parts without names', filled(part('X: y'), MIB)],
    ['a part of many headers', part(filled('X: y\r\n', MIB).trimEnd())],
    ['a part with a long header', part(`X: ${filled('y', MIB)}`)],
    ['a part with many parameters', part(`${named}${filled('; a="b"', 4_000)}`)],
    ['a file of almost-boundaries', `--b\r\n${named}\r\n\r\n${filled('\r\n--', MIB)}`],
    ['line breaks', filled('\r\n', MIB)],
    ['dashes', filled('-', MIB)],
  ])('%s', async (_name, text) => {
    const { stallMs: stall, status } = await stallMs({
      path: '/v1/avatars',
      type: 'multipart/form-data; boundary=b',
      body: Buffer.from(`${text}--b--\r\n`),
    });
    expect([400, 413, 422]).toContain(status);
    expect(stall).toBeLessThan(maxStallMs);
  });
});

test.each([
  ['slashes', '/'.repeat(15_900)],
  ['short segments', '/a'.repeat(8_000)],
  ['a long segment', `/v1/${'s'.repeat(16_000)}`],
  ['pages of the documentation', `/docs${'/'.repeat(15_900)}`],
])('the event loop is not blocked by a path of %s', async (_name, path) => {
  const leastMs = async (unknown: string) => {
    const durations: number[] = [];
    for (let count = 0; count < 10 * ATTEMPTS; count += 1) {
      const startedAtMs = performance.now();
      const { status } = await fetch(server.url + unknown);
      durations.push(performance.now() - startedAtMs);
      expect(status).toBe(404);
    }
    return Math.min(...durations);
  };
  // An address without a key may send a thousand a second.
  expect(await leastMs(path)).toBeLessThan(5 * (await leastMs('/v1/nothing')));
});

test('the event loop is not blocked by a page of sessions with the maximum metadata', async () => {
  const metadata = Object.fromEntries(Array.from({ length: 800 }, (_, index) => [`k${index}`, 1]));
  await server.database.prisma.$executeRaw`
    INSERT INTO sessions (org_id, mode, id, status, avatar_id, quality, max_duration_seconds, idle_timeout_seconds,
                          transport_url, room_name, worker_identity, seat_hash, metadata)
    SELECT 'dev', 'test', 'sess_01KKGP79VG' || lpad(n::text, 16, '0'), 'ended', 'av_stock_001', 'standard', 60, 30,
           'wss://rooms.example.com', 'lobby', 'greenroom-worker', sha256(n::text::bytea), ${metadata}::jsonb
      FROM generate_series(1, 100) AS n`;
  // It takes most of the limit, so it needs an attempt during which nothing else runs.
  const page: Hostile = { method: 'GET', path: '/v1/sessions?limit=100' };
  const { stallMs: stall, status } = await stallMs(page, 5 * ATTEMPTS);
  expect(status).toBe(200);
  expect(stall).toBeLessThan(maxStallMs);
});
