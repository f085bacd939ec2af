import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Greenroom, Schemas } from '@greenroom/client';
import pLimit from 'p-limit';

import type { Findings } from './bench-dispatch.ts';
import { durations } from './percentile.ts';
import { sessionCreate } from './session-create.ts';

const WORKER = fileURLToPath(new URL('../../../apps/worker/dist/main.js', import.meta.url));
const CREATES_AT_ONCE = 20;
/** A simulated session is spoken to for ten seconds, and ends when nothing was heard for this long. */
const IDLE_SECONDS = 30;
const BILLED_SECONDS = 10 + IDLE_SECONDS;
/** Until all must be over: what they perform, and time to be created and to be swept where they are stuck. */
const PATIENCE_MS = (BILLED_SECONDS + 60) * 1000;
/** Queued, starting, running, ending, ended: one more would be a lease that was lost. */
const STEPS = 5;

interface Options {
  url: string;
  greenroom: Greenroom;
  workerKeyFile: string;
  sessions: number;
  signal: AbortSignal;
}

/** One worker performs so many simulated sessions at the same time. */
export async function performAtOnce({
  url,
  greenroom,
  workerKeyFile,
  sessions,
  signal,
}: Options): Promise<Findings> {
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
    const limit = pLimit(CREATES_AT_ONCE);
    const create = () =>
      greenroom.sessions.create(sessionCreate({ idle_timeout_seconds: IDLE_SECONDS }), { signal });
    const began = performance.now();
    const created = await Promise.all(Array.from({ length: sessions }, () => limit(create)));
    const createdMs = performance.now() - began;
    const atOnce = await mostAtOnce(greenroom, sessions, signal);
    const settled = await Promise.all(created.map(({ id }) => limit(() => settle(greenroom, id))));
    return {
      lines: [
        durations(
          'create to first frame',
          settled.map(({ firstFrameMs }) => firstFrameMs),
        ),
        `created                    ${(sessions / (createdMs / 1000)).toFixed(0)} a second`,
        `running at once            ${atOnce} of ${sessions}`,
        `billed                     ${sum(settled.map(({ billed }) => billed))} s of ${sessions * BILLED_SECONDS} s performed`,
      ],
      faults: settled.flatMap(({ fault }) => fault ?? []),
    };
  } finally {
    worker.kill('SIGKILL');
    await once(worker, 'exit');
  }
}

/** Waits until none is active; the most that were running at the same time. */
async function mostAtOnce(greenroom: Greenroom, sessions: number, signal: AbortSignal): Promise<number> {
  const deadline = performance.now() + PATIENCE_MS;
  let most = 0;
  while (performance.now() < deadline) {
    const { active } = (await greenroom.limits.get()).concurrent_sessions;
    if (active === 0) break;
    if (most < sessions) most = Math.max(most, await countRunning(greenroom));
    await sleep(1000, undefined, { signal });
  }
  return most;
}

function countRunning(greenroom: Greenroom): Promise<number> {
  return countOf(greenroom.sessions.list({ status: ['running'], limit: 100 }));
}

async function countOf(all: AsyncIterable<unknown>): Promise<number> {
  const each = all[Symbol.asyncIterator]();
  let count = 0;
  while ((await each.next()).done !== true) count += 1;
  return count;
}

async function settle(greenroom: Greenroom, id: string) {
  const session = await greenroom.sessions.get(id);
  const steps = await countOf(greenroom.sessions.events(id));
  let billed = 0;
  for await (const event of greenroom.usage.events({ session_id: id })) billed += event.billable_seconds;
  return { billed, fault: faultOf(session, steps, billed), firstFrameMs: firstFrameMs(session) };
}

function faultOf(session: Schemas['Session'], steps: number, billed: number): string | undefined {
  if (session.status !== 'ended') return `${session.id} is ${session.status}`;
  if (steps !== STEPS) return `${session.id} took ${steps} steps, where ${STEPS} are due`;
  if (billed !== BILLED_SECONDS) return `${session.id} is billed ${billed} s for ${BILLED_SECONDS} s`;
  return undefined;
}

function firstFrameMs(session: Schemas['Session']): number {
  return Date.parse(session.first_frame_at ?? '') - Date.parse(session.created_at);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
