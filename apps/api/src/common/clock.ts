import type { DatabasePool } from '@greenroom/database';

/** A measurement over a longer round trip than this says too little. */
const MAX_ROUND_TRIP_MS = 1_000;
const SAMPLES = 3;

/** Unix time in milliseconds at the zero of the monotonic clock; null until it was measured. */
let epochMs: number | null = null;

/**
 * Returns the time by PostgreSQL's clock, which every process shares: deadlines, expiries and ids are set and judged
 * by it, so that this machine's clock may be wrong, or jump, without a customer noticing.
 */
export function currentTime(): Date {
  return new Date(currentTimeMs());
}

/** Returns the same in milliseconds since the epoch. */
export function currentTimeMs(): number {
  return Math.floor(epochMs === null ? Date.now() : epochMs + performance.now());
}

/**
 * Measures PostgreSQL's clock against the monotonic clock of this process, to within half the shortest of a few round
 * trips: the first may open a connection.
 */
export async function synchronizeClock({ pool }: DatabasePool): Promise<void> {
  let shortestMs = epochMs === null ? Number.POSITIVE_INFINITY : MAX_ROUND_TRIP_MS;
  let measured = epochMs;
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const sentAtMs = performance.now();
    const { rows } = await pool.query<{ now: number }>(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now',
    );
    const receivedAtMs = performance.now();
    if (rows[0] === undefined || receivedAtMs - sentAtMs > shortestMs) continue;
    shortestMs = receivedAtMs - sentAtMs;
    measured = rows[0].now - (sentAtMs + receivedAtMs) / 2;
  }
  epochMs = measured;
}
