import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Greenroom, Schemas } from '@greenroom/client';
import { sessionCreate } from '@greenroom/testing';
import pLimit from 'p-limit';

import { durationRow } from './percentile.ts';

const WORKER = fileURLToPath(new URL('../../../apps/worker/dist/main.js', import.meta.url));
const CONCURRENT_REQUESTS = 20;
/** A simulated session receives audio for ten seconds and ends after this idle timeout. */
const IDLE_SECONDS = 30;
const BILLED_SECONDS = 10 + IDLE_SECONDS;
/** Time for all sessions to finish: their duration, and time to create them and to sweep stuck ones. */
const TIMEOUT_MS = (BILLED_SECONDS + 60) * 1000;
/** queued, starting, running, ending, ended. A lost lease would add a transition. */
const TRANSITIONS = 5;

export interface DispatchResult {
  /** Measurements to print. */
  lines: string[];
  /** Descriptions of failed sessions. */
  problems: string[];
}

interface Options {
  url: string;
  greenroom: Greenroom;
  workerKeyFile: string;
  sessions: number;
  signal: AbortSignal;
}

/** Performs simulated sessions concurrently on one worker and checks how each ended. */
export async function performConcurrently({
  url,
  greenroom,
  workerKeyFile,
  sessions,
  signal,
}: Options): Promise<DispatchResult> {
  const worker = spawn(process.execPath, [WORKER], {
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'],
      GREENROOM_API_URL: url,
      GREENROOM_WORKER_KEY_FILE: workerKeyFile,
      GREENROOM_RUNTIMES: 'simulator',
      LOG_LEVEL: 'silent',
    },
  });
  try {
    const limit = pLimit(CONCURRENT_REQUESTS);
    const create = async () =>
      greenroom.sessions.create(await sessionCreate({ idle_timeout_seconds: IDLE_SECONDS }), { signal });
    const startedAtMs = performance.now();
    const created = await Promise.all(Array.from({ length: sessions }, () => limit(create)));
    const createdMs = performance.now() - startedAtMs;
    const peak = await peakConcurrency(greenroom, sessions, signal);
    const settled = await Promise.all(created.map(({ id }) => limit(() => settle(greenroom, id))));
    return {
      lines: [
        durationRow(
          'create to first frame',
          settled.map(({ firstFrameMs }) => firstFrameMs),
        ),
        `created                    ${(sessions / (createdMs / 1000)).toFixed(0)} a second`,
        `running concurrently       ${peak} of ${sessions}`,
        `billed                     ${sum(settled.map(({ billed }) => billed))} s of ${sessions * BILLED_SECONDS} s performed`,
      ],
      problems: settled.flatMap(({ problem }) => problem ?? []),
    };
  } finally {
    worker.kill('SIGKILL');
    await once(worker, 'exit');
  }
}

/** Waits until no session is active. Returns the highest number of sessions that were running at the same time. */
async function peakConcurrency(greenroom: Greenroom, sessions: number, signal: AbortSignal): Promise<number> {
  const deadline = performance.now() + TIMEOUT_MS;
  let peak = 0;
  while (performance.now() < deadline) {
    const { active } = (await greenroom.limits.get()).concurrent_sessions;
    if (active === 0) break;
    if (peak < sessions) peak = Math.max(peak, await countRunning(greenroom));
    await delay(1000, undefined, { signal });
  }
  return peak;
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

async function settle(greenroom: Greenroom, id: string) {
  const session = await greenroom.sessions.get(id);
  const transitions = await countOf(greenroom.sessions.events(id));
  let billed = 0;
  for await (const event of greenroom.usage.events({ session_id: id })) billed += event.billable_seconds;
  return { billed, problem: problemOf(session, transitions, billed), firstFrameMs: firstFrameMs(session) };
}

function problemOf(session: Schemas['Session'], transitions: number, billed: number): string | undefined {
  if (session.status !== 'ended') return `${session.id} is ${session.status}`;
  if (transitions !== TRANSITIONS) {
    return `${session.id} has ${transitions} transitions instead of ${TRANSITIONS}`;
  }
  if (billed !== BILLED_SECONDS) return `${session.id} was billed ${billed} s instead of ${BILLED_SECONDS} s`;
  return undefined;
}

function firstFrameMs(session: Schemas['Session']): number {
  return Date.parse(session.first_frame_at ?? '') - Date.parse(session.created_at);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
