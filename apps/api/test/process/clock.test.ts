import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort, sessionCreate, until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';

import { runProgram } from '../harness/programs.ts';
import type { List, Schemas, Session } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import type { Assignment } from '../harness/worker.ts';

jest.setTimeout(120_000);

const JOIN_DEADLINE_SECONDS = 3;
const SHIFT_MS = 300_000;
/** Tokens are stored by one process and read by another. */
const TOKEN_KEY = randomBytes(32).toString('base64');
/** The tolerance for a busy machine, far below the shift of the clocks. */
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

/** An API process on the server's database whose clock is wrong by `shiftMs`. */
interface ShiftedProcess {
  /** @throws when the response is not a 2xx */
  request<Body>(path: string, json?: unknown, key?: string): Promise<Body>;
  workerKey: string;
  stop(): Promise<void>;
}

async function startShifted(shiftMs: number, env: Record<string, string> = {}): Promise<ShiftedProcess> {
  const own = await mkdtemp(join(dataDir, 'process-'));
  const port = await freePort();
  const program = runProgram('main.ts', [], {
    NODE_OPTIONS: `--import ${new URL('../harness/shifted-clock.mjs', import.meta.url).href}`,
    CLOCK_SHIFT_MS: String(shiftMs),
    DATABASE_URL: server.databaseUrl,
    GREENROOM_DATA_DIR: own,
    GREENROOM_TOKEN_KEY: TOKEN_KEY,
    PORT: String(port),
    ...env,
  });
  await program.printed(/^ +curl .*\n/m);
  const { test_key: testKey } = JSON.parse(await readFile(join(own, 'dev.json'), 'utf8')) as {
    test_key: string;
  };
  return {
    async request<Body>(path: string, json?: unknown, key = testKey) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method: json === undefined ? 'GET' : 'POST',
        headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
        ...(json !== undefined && { body: JSON.stringify(json) }),
      });
      const body = await response.text();
      if (!response.ok) throw new Error(`${path}: ${response.status} ${body}`);
      return JSON.parse(body) as Body;
    },
    workerKey: (await readFile(join(own, 'worker.key'), 'utf8')).trim(),
    async stop() {
      program.process.kill();
      await program.exited;
    },
  };
}

async function eventsOf(api: ShiftedProcess, id: string): Promise<Schemas['SessionEvent'][]> {
  return (await api.request<List<Schemas['SessionEvent']>>(`/v1/sessions/${id}/events`)).data;
}

test.each([
  ['five minutes slow', -SHIFT_MS],
  ['five minutes fast', SHIFT_MS],
])('a process whose clock is %s sets and judges every time by the database', async (_name, shiftMs) => {
  const api = await startShifted(shiftMs, {
    GREENROOM_JOIN_DEADLINE_SECONDS: String(JOIN_DEADLINE_SECONDS),
  });
  try {
    // The token lives for two minutes: by the fast clock it has expired, and by the slow one it is not valid yet.
    const { id, created_at: createdAt } = await api.request<Session>(
      '/v1/sessions',
      await sessionCreate({ expiresIn: 120, notBefore: 0 }),
    );
    expect(Math.abs(Date.parse(createdAt) - Date.now())).toBeLessThan(TOLERANCE_MS);

    await until(async () => (await api.request<Session>(`/v1/sessions/${id}`)).status === 'failed', 60_000);
    const waitedMs = Date.parse((await eventsOf(api, id)).at(-1)?.created_at ?? '') - Date.parse(createdAt);
    expect(waitedMs).toBeGreaterThanOrEqual(JOIN_DEADLINE_SECONDS * 1000 - 100);
    expect(waitedMs).toBeLessThan(TOLERANCE_MS);
  } finally {
    await api.stop();
  }
});

test('two processes whose clocks differ by ten minutes serve a session correctly', async () => {
  const [slow, fast] = await Promise.all([startShifted(-SHIFT_MS), startShifted(SHIFT_MS)]);
  try {
    const { id } = await slow.request<Session>('/v1/sessions', await sessionCreate());
    const worker = await fast.request<Schemas['Worker']>(
      '/internal/v1/workers',
      { name: 'test', runtime_type: 'simulator', qualities: ['standard'], slots: 1, version: '1.0.0' },
      fast.workerKey,
    );
    const { fence } = await fast.request<Assignment>(
      `/internal/v1/workers/${worker.id}/claim`,
      { wait_seconds: 30 },
      fast.workerKey,
    );
    const report = (api: ShiftedProcess, state: string, mediaMs: number) =>
      api.request<Schemas['AssignmentDirective']>(
        `/internal/v1/assignments/${id}/report`,
        { fence, state, frames: mediaMs / 40, media_ms: mediaMs, wait_seconds: 0 },
        fast.workerKey,
      );

    // Neither process treats the other's lease as expired, or extends it for minutes.
    expect(await report(slow, 'running', 1000)).toMatchObject({ directive: 'continue' });
    expect(await report(fast, 'running', 1000)).toMatchObject({ directive: 'continue' });
    const { status } = await slow.request<Session>(`/v1/sessions/${id}/end`, {});
    expect(status).toBe('ending');
    expect(await report(fast, 'ending', 1000)).toMatchObject({ directive: 'drain' });
    await report(slow, 'ended', 1000);

    const ended = await fast.request<Session>(`/v1/sessions/${id}`);
    expect(ended).toMatchObject({ status: 'ended', failure: null });
    const times = (await eventsOf(slow, id)).map((event) => Date.parse(event.created_at));
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    for (const time of [...times, Date.parse(ended.first_frame_at ?? ''), Date.parse(ended.ended_at ?? '')]) {
      expect(Math.abs(time - Date.now())).toBeLessThan(TOLERANCE_MS);
    }
  } finally {
    await Promise.all([slow.stop(), fast.stop()]);
  }
});
