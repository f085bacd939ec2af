import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort, sessionCreate, until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';

import type { List, Schemas, Session } from '../harness/answers.ts';
import { runProgram } from '../harness/programs.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

jest.setTimeout(120_000);

const JOIN_DEADLINE_SECONDS = 3;
/** What a busy machine may add to a measurement; the clocks are wrong by far more. */
const TOLERANCE_MS = 60_000;

let server: TestServer;
let dataDir: string;

beforeAll(async () => {
  server = await startTestServer();
  dataDir = await mkdtemp(join(tmpdir(), 'greenroom-clock-'));
});
afterAll(async () => {
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
});

test.each([
  ['five minutes slow', -300_000],
  ['five minutes fast', 300_000],
])('a process whose clock is %s sets and judges every time by the database', async (name, shiftMs) => {
  const own = join(dataDir, name.replaceAll(' ', '-'));
  const port = await freePort();
  const program = runProgram('main.ts', [], {
    NODE_OPTIONS: `--import ${new URL('../harness/shifted-clock.mjs', import.meta.url).href}`,
    CLOCK_SHIFT_MS: String(shiftMs),
    DATABASE_URL: server.databaseUrl,
    GREENROOM_DATA_DIR: own,
    GREENROOM_JOIN_DEADLINE_SECONDS: String(JOIN_DEADLINE_SECONDS),
    PORT: String(port),
  });
  try {
    await program.printed(/^ +curl .*\n/m);
    const { test_key: key } = JSON.parse(await readFile(join(own, 'dev.json'), 'utf8')) as {
      test_key: string;
    };
    const request = async <Body>(path: string, json?: unknown): Promise<Body> => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method: json === undefined ? 'GET' : 'POST',
        headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
        ...(json !== undefined && { body: JSON.stringify(json) }),
      });
      expect(response.ok).toBe(true);
      return (await response.json()) as Body;
    };

    // The token lives for a minute: to the fast clock it has expired, and to the slow one it is not valid yet.
    const { id, created_at: createdAt } = await request<Session>(
      '/v1/sessions',
      await sessionCreate({ expiresIn: 120, notBefore: 0 }),
    );
    expect(Math.abs(Date.parse(createdAt) - Date.now())).toBeLessThan(TOLERANCE_MS);

    await until(async () => (await request<Session>(`/v1/sessions/${id}`)).status === 'failed', 60_000);
    const { data } = await request<List<Schemas['SessionEvent']>>(`/v1/sessions/${id}/events`);
    const waitedMs = Date.parse(data.at(-1)?.created_at ?? '') - Date.parse(createdAt);
    expect(waitedMs).toBeGreaterThanOrEqual(JOIN_DEADLINE_SECONDS * 1000 - 100);
    expect(waitedMs).toBeLessThan(TOLERANCE_MS);
  } finally {
    program.process.kill();
    await program.exited;
  }
});
