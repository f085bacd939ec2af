import { setTimeout as delay } from 'node:timers/promises';

import { brokenInvariants } from '@greenroom/api/testing/invariants';

import type { DatabaseFault } from './database-faults.ts';
import { exitedProcesses, type Fleet } from './fleet.ts';
import { startLoad, type Sample } from './load.ts';

/** The effect of one fault on the service. */
export interface FaultResult {
  name: string;
  meaning: string;
  acknowledged: number;
  /** Responses with a 5xx status, except 503 with Retry-After. */
  wrong: number;
  /** Requests without a response. */
  unanswered: number;
  longestMs: number;
  /** Seconds from the first 503 to the last. */
  unavailableSeconds: number;
  /** Time from the start of the fault until no process was ready; null when one stayed ready. */
  unreadyAfterMs: number | null;
  /** Time from the end of the fault until each process was ready and created a session; null after 30 s. */
  recoveredAfterMs: number | null;
  broken: string[];
  /** Number of API processes that exited. */
  exited: number;
}

const LEAD_MS = 3_000;
const RECOVERY_TIMEOUT_MS = 30_000;
const POLL_MS = 50;
const TRAIL_MS = 2_000;

/** Applies one fault for `holdMs` under load and measures the effect on callers. */
export async function measureFault(fleet: Fleet, fault: DatabaseFault, holdMs: number): Promise<FaultResult> {
  const load = startLoad(fleet);
  await delay(LEAD_MS);
  const startedAtMs = performance.now();
  const endFault = await fault.start(fleet);
  await delay(holdMs);
  await endFault();
  const endedAtMs = performance.now();
  const recoveredAtMs = await recovery(fleet, load.samples, endedAtMs);
  await delay(TRAIL_MS);
  await load.stop();
  const { samples, acknowledged } = load;
  const failures = samples
    .filter(({ status }) => status === 503)
    .map(({ sentAtMs, durationMs }) => sentAtMs + durationMs);
  return {
    name: fault.name,
    meaning: fault.meaning,
    acknowledged: acknowledged.size,
    wrong: samples.filter(isWrong).length,
    unanswered: samples.filter(({ status }) => status === null).length,
    longestMs: Math.max(...samples.map(({ durationMs }) => durationMs)),
    unavailableSeconds: failures.length === 0 ? 0 : (Math.max(...failures) - Math.min(...failures)) / 1000,
    unreadyAfterMs: unreadyAfter(fleet, samples, startedAtMs, endedAtMs),
    recoveredAfterMs: recoveredAtMs === null ? null : recoveredAtMs - endedAtMs,
    broken: await brokenInvariants(fleet.databaseUrl, acknowledged),
    exited: exitedProcesses(fleet).length,
  };
}

function isWrong({ operation, status, hasRetryAfter }: Sample): boolean {
  if (status === null || status < 500) return false;
  return status !== 503 || (operation !== 'readyz' && !hasRetryAfter);
}

/** Resolves with the time when each process was ready and had created a session, or null after 30 s. */
async function recovery(fleet: Fleet, samples: readonly Sample[], endedAtMs: number): Promise<number | null> {
  const firstSuccess = (api: number, operation: Sample['operation'], success: number) => {
    const sample = samples.find(
      (each) =>
        each.api === api &&
        each.operation === operation &&
        each.status === success &&
        each.sentAtMs + each.durationMs >= endedAtMs,
    );
    return sample && sample.sentAtMs + sample.durationMs;
  };
  const deadline = performance.now() + RECOVERY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const times = fleet.apis.flatMap((_, api) => [
      firstSuccess(api, 'readyz', 200),
      firstSuccess(api, 'create', 201),
    ]);
    if (!times.includes(undefined)) return Math.max(...times.map((time) => time ?? 0));
    await delay(POLL_MS);
  }
  return null;
}

function unreadyAfter(
  fleet: Fleet,
  samples: readonly Sample[],
  startedAtMs: number,
  endedAtMs: number,
): number | null {
  const times = fleet.apis.map((_, api) =>
    samples
      .filter((each) => each.api === api && each.operation === 'readyz' && each.status !== 200)
      .map(({ sentAtMs, durationMs }) => sentAtMs + durationMs)
      .find((atMs) => atMs > startedAtMs && atMs < endedAtMs + POLL_MS),
  );
  const known = times.filter((time) => time !== undefined);
  return known.length < times.length ? null : Math.max(...known) - startedAtMs;
}
