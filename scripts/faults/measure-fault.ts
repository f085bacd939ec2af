import { setTimeout as sleep } from 'node:timers/promises';

import type { DatabaseFault } from './database-faults.ts';
import { exitedProcesses, type Fleet } from './fleet.ts';
import { brokenInvariants } from './invariants.ts';
import { startLoad, type Sample } from './load.ts';

/** What one fault did to the service. */
export interface FaultResult {
  name: string;
  meaning: string;
  acknowledged: number;
  /** Responses of 5xx other than 503 with Retry-After. */
  wrong: number;
  /** Requests without a response. */
  unanswered: number;
  longestMs: number;
  /** From the first 503 to the last, seconds. */
  unavailableSeconds: number;
  /** From the begin of the fault until /readyz of each process was not 200; null where it stayed 200. */
  unreadyAfterMs: number | null;
  /** From the end of the fault until each process was ready and created a session. */
  recoveredAfterMs: number | null;
  broken: string[];
  /** API processes that ended. */
  exited: number;
}

const BEFORE_MS = 3_000;
const RECOVERY_TIMEOUT_MS = 30_000;
const POLL_MS = 50;
const AFTER_MS = 2_000;

/** Applies one fault for `holdMs` under load and measures what callers saw. */
export async function measureFault(fleet: Fleet, fault: DatabaseFault, holdMs: number): Promise<FaultResult> {
  const load = startLoad(fleet);
  await sleep(BEFORE_MS);
  const beganAtMs = performance.now();
  const endFault = await fault.begin(fleet);
  await sleep(holdMs);
  await endFault();
  const endedAtMs = performance.now();
  const recoveredAtMs = await recovery(fleet, load.samples, endedAtMs);
  await sleep(AFTER_MS);
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
    unreadyAfterMs: unreadyAfter(fleet, samples, beganAtMs, endedAtMs),
    recoveredAfterMs: recoveredAtMs === null ? null : recoveredAtMs - endedAtMs,
    broken: await brokenInvariants(fleet.databaseUrl, acknowledged),
    exited: exitedProcesses(fleet).length,
  };
}

function isWrong({ operation, status, hasRetryAfter }: Sample): boolean {
  if (status === null || status < 500) return false;
  return status !== 503 || (operation !== 'readyz' && !hasRetryAfter);
}

/** When each process has been ready and has created a session since; null where that takes over 30 s. */
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
    await sleep(POLL_MS);
  }
  return null;
}

function unreadyAfter(
  fleet: Fleet,
  samples: readonly Sample[],
  beganAtMs: number,
  endedAtMs: number,
): number | null {
  const times = fleet.apis.map((_, api) =>
    samples
      .filter((each) => each.api === api && each.operation === 'readyz' && each.status !== 200)
      .map(({ sentAtMs, durationMs }) => sentAtMs + durationMs)
      .find((atMs) => atMs > beganAtMs && atMs < endedAtMs + POLL_MS),
  );
  const known = times.filter((time) => time !== undefined);
  return known.length < times.length ? null : Math.max(...known) - beganAtMs;
}
