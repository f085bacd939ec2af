import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openEmbeddedPostgres } from '@greenroom/database';
import { expect, jest, test } from '@jest/globals';

import type { ForwardedRequest } from '../harness/http-proxy.ts';
import { startSystem, type System } from '../harness/system.ts';
import { expectAllReleased, waitForTerminal } from '../harness/wait-for-terminal.ts';

jest.setTimeout(150_000);

/** The lease is longer than the restart of a server on a busy machine. */
const env = { GREENROOM_LEASE_SECONDS: '15', GREENROOM_REPORT_INTERVAL_SECONDS: '2' };
const RUN = ['queued session.created', 'starting worker.starting', 'running worker.first_frame'];
/** The duration of a simulated session in these tests. */
const PERFORMED_SECONDS = 11;

const isClaim = ({ path }: ForwardedRequest) => path.endsWith('/claim');
const isReport = ({ path, body }: ForwardedRequest) =>
  path.endsWith('/report') && body.includes('"state":"running"');
const isEnd = ({ path }: ForwardedRequest) => path.endsWith('/end');

async function withSystem(work: (system: System) => Promise<void>, databaseUrl?: string): Promise<void> {
  const system = await startSystem({ env, ...(databaseUrl !== undefined && { databaseUrl }) });
  try {
    await work(system);
    await expectAllReleased(system.greenroom);
  } finally {
    await system[Symbol.asyncDispose]();
  }
}

test('a session is performed and billed once when the API is killed during its claim', () =>
  withSystem(async (system) => {
    const { id } = await system.create();
    const killed = system.proxy.after(isClaim, () => system.killApi());
    await system.startWorker();
    await killed;
    await system.startApi();
    const { session, history } = await waitForTerminal(system.greenroom, id);
    expect(history.slice(-2)).toEqual(['ending session.idle', 'ended worker.left']);
    expect(history.filter((step) => step.startsWith('running'))).toHaveLength(1);
    expect(session.usage.billable_seconds).toBe(PERFORMED_SECONDS);
  }));

test('a session is performed and billed once when the API is killed during a report', () =>
  withSystem(async (system) => {
    await system.startWorker();
    const { id } = await system.create();
    await system.proxy.after(isReport, () => system.killApi());
    await system.startApi();
    const { session, history } = await waitForTerminal(system.greenroom, id);
    expect(history).toEqual([...RUN, 'ending session.idle', 'ended worker.left']);
    expect(session.usage.billable_seconds).toBe(PERFORMED_SECONDS);
  }));

test('a session ends once when the API is killed while it ends the session, and the call is repeated', () =>
  withSystem(async (system) => {
    await system.startWorker();
    const { id } = await system.create({ idle_timeout_seconds: 60 });
    await system.greenroom.sessions.waitFor(id, ['running'], { timeoutMs: 20_000 });
    const killed = system.proxy.after(isEnd, () => system.killApi());
    const response = system.greenroom.sessions.end(id).catch(() => null);
    await killed;
    await system.startApi();
    await response;
    await system.greenroom.sessions.end(id);
    const { session, history } = await waitForTerminal(system.greenroom, id);
    expect(session.status).toBe('ended');
    expect(history.filter((step) => step.startsWith('ending'))).toHaveLength(1);
  }));

test('an API process takes over the sessions of another that is killed', () =>
  withSystem(async (system) => {
    const second = await system.startApi();
    await system.startWorker();
    await system.startWorker({ GREENROOM_API_URL: second.url });
    const created = await Promise.all(Array.from({ length: 10 }, () => system.create()));
    await Promise.all(
      created.map(({ id }) => system.greenroom.sessions.waitFor(id, ['running'], { timeoutMs: 20_000 })),
    );
    await system.killApi();
    for (const { id } of created) {
      const { session, history } = await waitForTerminal(system.greenroom, id);
      expect(history).toEqual([...RUN, 'ending session.idle', 'ended worker.left']);
      expect(session.usage.billable_seconds).toBe(PERFORMED_SECONDS);
    }
  }));

test('no session is lost and each is billed once when PostgreSQL restarts under load', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'greenroom-restart-'));
  let postgres = await openEmbeddedPostgres({ dataDir });
  try {
    await withSystem(async (system) => {
      await system.startWorker();
      const early = await Promise.all(Array.from({ length: 5 }, () => system.create()));
      await system.proxy.after(isReport, () => undefined);
      // The client retries the calls that fail in the meantime.
      const late = Promise.all(Array.from({ length: 5 }, () => system.create()));
      const port = Number(new URL(postgres.url).port);
      await postgres.stop();
      postgres = await openEmbeddedPostgres({ dataDir, port });
      const all = [...early, ...(await late)];
      expect(new Set(all.map(({ id }) => id)).size).toBe(10);
      for (const { id } of all) {
        const { session, history } = await waitForTerminal(system.greenroom, id);
        expect(history.slice(-2)).toEqual(['ending session.idle', 'ended worker.left']);
        expect(session.usage.billable_seconds).toBe(PERFORMED_SECONDS);
      }
    }, postgres.url);
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
