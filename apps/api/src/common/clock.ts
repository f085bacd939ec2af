import type { DatabasePool } from '@greenroom/database';

import { databaseTimeMs } from './clock-repository.ts';

/** A measurement with a longer round trip is not accurate enough. */
const MAX_ROUND_TRIP_MS = 1_000;
const SAMPLES = 3;

/** Unix time in milliseconds at the zero of the monotonic clock; null before the first measurement. */
let epochMs: number | null = null;

/**
 * Returns the time of PostgreSQL's clock, which all processes share. Deadlines, expiries and ids use it, so an error or
 * a jump of this machine's clock has no effect on customers.
 */
export function currentTime(): Date {
  return new Date(currentTimeMs());
}

/** Returns the same in milliseconds since the epoch. */
export function currentTimeMs(): number {
  return Math.floor(epochMs === null ? Date.now() : epochMs + performance.now());
}

/**
 * Measures PostgreSQL's clock relative to the monotonic clock of this process. The error is at most half of the
 * shortest of several round trips, of which the first may open a connection.
 */
export async function synchronizeClock(database: DatabasePool): Promise<void> {
  let shortestMs = epochMs === null ? Number.POSITIVE_INFINITY : MAX_ROUND_TRIP_MS;
  let measured = epochMs;
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const sentAtMs = performance.now();
    const nowMs = await databaseTimeMs(database);
    const receivedAtMs = performance.now();
    if (receivedAtMs - sentAtMs > shortestMs) continue;
    shortestMs = receivedAtMs - sentAtMs;
    measured = nowMs - (sentAtMs + receivedAtMs) / 2;
  }
  epochMs = measured;
}
