import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Greenroom, Schemas } from '@greenroom/client';
import { sessionCreate } from '@greenroom/testing';
import pLimit from 'p-limit';
import type pg from 'pg';

import type { BenchmarkResult } from '../benchmark.ts';
import { durationRow } from '../duration-row.ts';
import { durationsOf } from '../statistics.ts';

const WORKER = fileURLToPath(new URL('../../../apps/worker/dist/main.js', import.meta.url));
/** The maximum slots of one worker. */
const SLOTS = 1000;
const CONCURRENT_REQUESTS = 20;
/** A simulated session receives audio for ten seconds and ends after its idle timeout. */
const AUDIO_SECONDS = 10;
const MIN_IDLE_SECONDS = 30;
/** A slow machine creates at least as many sessions a second, so that the last begins before the first ends. */
const MIN_CREATES_PER_SECOND = 20;
/** Time for sessions to end, and for the sweeper to end stuck ones. */
const GRACE_MS = 120_000;
/** queued, starting, running, ending, ended. A lost lease would add a transition. */
const TRANSITIONS = 5;
/** The lease, and the interval at which workers report: the defaults of the server. */
const LEASE_SECONDS = 15;
const REPORT_INTERVAL_SECONDS = 5;
const POLL_MS = 1_000;

interface Options {
  url: string;
  greenroom: Greenroom;
  workerKeyFile: string;
  sessions: number;
  pool: pg.Pool;
  signal: AbortSignal;
}

/** The course of the sessions while they were live. */
interface Observation {
  /** The highest number of sessions that were running at the same time. */
  peak: number;
  /** The sessions that had a report late by more than one interval. */
  late: Set<string>;
}

/** Performs simulated sessions concurrently and checks how each ended. */
export async function performConcurrently(options: Options): Promise<BenchmarkResult> {
  const { greenroom, sessions, signal } = options;
  const idleSeconds = Math.max(MIN_IDLE_SECONDS, Math.ceil(sessions / MIN_CREATES_PER_SECOND));
  const seconds = AUDIO_SECONDS + idleSeconds;
  const workers = Array.from({ length: Math.ceil(sessions / SLOTS) }, () => startWorker(options));
  try {
    const limit = pLimit(CONCURRENT_REQUESTS);
    const create = async () =>
      greenroom.sessions.create(await sessionCreate({ idle_timeout_seconds: idleSeconds }), { signal });
    const startedAtMs = performance.now();
    const creating = Promise.all(Array.from({ length: sessions }, () => limit(create)));
    const createdPerSecond = creating.then(() => sessions / ((performance.now() - startedAtMs) / 1000));
    const observing = observe(options, creating, performance.now() + seconds * 1000 + GRACE_MS);
    const [created, { peak, late }] = await Promise.all([creating, observing]);
    const settled = await Promise.all(created.map(({ id }) => limit(() => settle(greenroom, id, seconds))));
    const firstFrames = durationsOf(settled.map(({ firstFrameMs }) => firstFrameMs));
    const billed = settled.reduce((total, session) => total + session.billed, 0);
    return {
      lines: [
        durationRow('create to first frame', firstFrames),
        `created                    ${(await createdPerSecond).toFixed(0)} a second`,
        `running concurrently       ${peak} of ${sessions}`,
        `reports late by more than ${REPORT_INTERVAL_SECONDS} s   ${late.size} sessions`,
        `billed                     ${billed} s of ${sessions * seconds} s performed`,
      ],
      data: {
        sessions,
        peak,
        late: late.size,
        billed,
        firstFrames,
        createdPerSecond: await createdPerSecond,
      },
      problems: [
        ...settled.flatMap(({ problem }) => problem ?? []),
        ...Array.from(late, (id) => `${id} had a report late by more than ${REPORT_INTERVAL_SECONDS} s`),
        ...(peak < sessions ? [`only ${peak} sessions were running at the same time`] : []),
      ],
    };
  } finally {
    await Promise.all(workers.map(kill));
  }
}

function startWorker({ url, workerKeyFile }: Options): ChildProcess {
  return spawn(process.execPath, [WORKER], {
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'],
      GREENROOM_API_URL: url,
      GREENROOM_WORKER_KEY_FILE: workerKeyFile,
      GREENROOM_RUNTIMES: 'simulator',
      GREENROOM_SLOTS: `simulator=${SLOTS}`,
      LOG_LEVEL: 'silent',
    },
  });
}

async function kill(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const exited = once(worker, 'exit');
  worker.kill('SIGKILL');
  await exited;
}

/** Observes the sessions until none is active. */
async function observe(
  { greenroom, sessions, pool, signal }: Options,
  creating: Promise<unknown>,
  deadlineMs: number,
): Promise<Observation> {
  const creation = { isComplete: false };
  const created = creating.then(() => {
    creation.isComplete = true;
  });
  let peak = 0;
  const late = new Set<string>();
  while (performance.now() < deadlineMs) {
    // A report renews the lease when it arrives, and waits for one interval.
    const ending = await leasesEndingWithin(pool, LEASE_SECONDS - REPORT_INTERVAL_SECONDS);
    for (const id of ending) late.add(id);
    const { active } = (await greenroom.limits.get()).concurrent_sessions;
    if (active === 0 && creation.isComplete) break;
    if (creation.isComplete && peak < sessions) peak = Math.max(peak, await countRunning(greenroom));
    await delay(POLL_MS, undefined, { signal });
  }
  await created;
  return { peak, late };
}

function countRunning(greenroom: Greenroom): Promise<number> {
  return countOf(greenroom.sessions.list({ status: ['running'], limit: 100 }));
}

async function countOf(items: AsyncIterable<unknown>): Promise<number> {
  const iterator = items[Symbol.asyncIterator]();
  let count = 0;
  while ((await iterator.next()).done !== true) count += 1;
  return count;
}

async function settle(greenroom: Greenroom, id: string, seconds: number) {
  const session = await greenroom.sessions.get(id);
  const transitions = await countOf(greenroom.sessions.events(id));
  let billed = 0;
  for await (const event of greenroom.usage.events({ session_id: id })) billed += event.billable_seconds;
  const problem = problemOf(session, { transitions, billed, seconds });
  const firstFrameMs = Date.parse(session.first_frame_at ?? '') - Date.parse(session.created_at);
  return { billed, problem, firstFrameMs };
}

function problemOf(
  { id, status }: Schemas['Session'],
  { transitions, billed, seconds }: { transitions: number; billed: number; seconds: number },
): string | undefined {
  if (status !== 'ended') return `${id} is ${status}`;
  if (transitions !== TRANSITIONS) return `${id} has ${transitions} transitions instead of ${TRANSITIONS}`;
  if (billed !== seconds) return `${id} was billed ${billed} s instead of ${seconds} s`;
  return undefined;
}

/**
 * Returns the live sessions whose lease ends within a time. A worker renews a lease with each report, so a shorter rest
 * than usual means that a report is late.
 */
async function leasesEndingWithin(pool: pg.Pool, seconds: number): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    'SELECT id FROM assignments WHERE lease_until < now() + make_interval(secs => $1)',
    [seconds],
  );
  return rows.map(({ id }) => id);
}
