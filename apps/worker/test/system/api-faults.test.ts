import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openEmbeddedPostgres } from '@greenroom/database';
import { expect, jest, test } from '@jest/globals';

import type { Passing } from '../harness/gateway.ts';
import { expectAllFree, settled } from '../harness/settled.ts';
import { startSystem, type System } from '../harness/system.ts';

jest.setTimeout(150_000);

/** Longer than a server takes to start again on a busy machine. */
const env = { GREENROOM_LEASE_SECONDS: '15', GREENROOM_REPORT_INTERVAL_SECONDS: '2' };
const RUN = ['queued session.created', 'starting worker.starting', 'running worker.first_frame'];
/** What a simulated session of the tests performs. */
const PERFORMED_SECONDS = 11;

const isClaim = ({ path }: Passing) => path.endsWith('/claim');
const isReport = ({ path, body }: Passing) => path.endsWith('/report') && body.includes('"state":"running"');
const isEnd = ({ path }: Passing) => path.endsWith('/end');

async function withSystem(work: (system: System) => Promise<void>, databaseUrl?: string): Promise<void> {
  const system = await startSystem({ env, ...(databaseUrl !== undefined && { databaseUrl }) });
  try {
    await work(system);
    await expectAllFree(system.greenroom);
  } finally {
    await system[Symbol.asyncDispose]();
  }
}

test('an API killed while it hands out a session loses none: it is performed once, and billed once', () =>
  withSystem(async (system) => {
    const { id } = await system.create();
    const killed = system.gateway.after(isClaim, () => system.kill());
    await system.startWorker();
    await killed;
    await system.startApi();
    const { session, history } = await settled(system.greenroom, id);
    expect(history.slice(-2)).toEqual(['ending session.idle', 'ended worker.left']);
    expect(history.filter((step) => step.startsWith('running'))).toHaveLength(1);
    expect(session.usage.billable_seconds).toBe(PERFORMED_SECONDS);
  }));

test('an API killed while it takes a report changes nothing about what is performed and billed', () =>
  withSystem(async (system) => {
    await system.startWorker();
    const { id } = await system.create();
    await system.gateway.after(isReport, () => system.kill());
    await system.startApi();
    const { session, history } = await settled(system.greenroom, id);
    expect(history).toEqual([...RUN, 'ending session.idle', 'ended worker.left']);
    expect(session.usage.billable_seconds).toBe(PERFORMED_SECONDS);
  }));

test('an API killed while it ends a session has ended it or not; asked again, it is ended once', () =>
  withSystem(async (system) => {
    await system.startWorker();
    const { id } = await system.create({ idle_timeout_seconds: 60 });
    await system.greenroom.sessions.waitFor(id, ['running'], { timeoutMs: 20_000 });
    const killed = system.gateway.after(isEnd, () => system.kill());
    const answer = system.greenroom.sessions.end(id).catch(() => null);
    await killed;
    await system.startApi();
    await answer;
    await system.greenroom.sessions.end(id);
    const { session, history } = await settled(system.greenroom, id);
    expect(session.status).toBe('ended');
    expect(history.filter((step) => step.startsWith('ending'))).toHaveLength(1);
  }));

test('two API processes share the sessions of their workers, and one goes on when the other is killed', () =>
  withSystem(async (system) => {
    const second = await system.startApi();
    await system.startWorker();
    await system.startWorker({ GREENROOM_API_URL: second.url });
    const created = await Promise.all(Array.from({ length: 10 }, () => system.create()));
    await Promise.all(
      created.map(({ id }) => system.greenroom.sessions.waitFor(id, ['running'], { timeoutMs: 20_000 })),
    );
    await system.kill();
    for (const { id } of created) {
      const { session, history } = await settled(system.greenroom, id);
      expect(history).toEqual([...RUN, 'ending session.idle', 'ended worker.left']);
      expect(session.usage.billable_seconds).toBe(PERFORMED_SECONDS);
    }
  }));

test('a PostgreSQL that restarts under load loses no session and bills each once', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'greenroom-restart-'));
  let postgres = await openEmbeddedPostgres({ dataDir });
  try {
    await withSystem(async (system) => {
      await system.startWorker();
      const early = await Promise.all(Array.from({ length: 5 }, () => system.create()));
      await system.gateway.after(isReport, () => undefined);
      // What is created meanwhile is told to come again, and does.
      const late = Promise.all(Array.from({ length: 5 }, () => system.create()));
      const port = Number(new URL(postgres.url).port);
      await postgres.stop();
      postgres = await openEmbeddedPostgres({ dataDir, port });
      const all = [...early, ...(await late)];
      expect(new Set(all.map(({ id }) => id)).size).toBe(10);
      for (const { id } of all) {
        const { session, history } = await settled(system.greenroom, id);
        expect(history.slice(-2)).toEqual(['ending session.idle', 'ended worker.left']);
        expect(session.usage.billable_seconds).toBe(PERFORMED_SECONDS);
      }
    }, postgres.url);
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
