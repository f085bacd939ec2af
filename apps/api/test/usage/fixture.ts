import { qualityValues, type Quality } from '@greenroom/contract';
import type { Database } from '@greenroom/database';

import { CREDIT_MULTIPLIERS } from '../../src/usage/credits.ts';
import { monthOf } from '../../src/usage/period.ts';
import { idAt } from '../harness/rows.ts';

export interface UsageRow {
  at: Date;
  id: string;
  sessionId: string;
  quality: Quality;
  seconds: number;
}

/** Returns a generator of integers below a bound, reproducible by its seed (mulberry32). */
export function drawing(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) % bound;
  };
}

const WEEKS_MS = 20 * 86_400_000;

/**
 * Returns random billing records between two times; some sessions have several. A session is over within weeks, so it
 * has records in at most two months.
 */
export function drawUsage(count: number, from: Date, to: Date, seed: number): UsageRow[] {
  const draw = drawing(seed);
  const sessions = Array.from({ length: Math.ceil(count / 2) }, (_, serial) => ({
    sessionId: idAt('sess', from, serial),
    quality: qualityValues[draw(qualityValues.length)] ?? 'standard',
    startMs: from.getTime() + draw(to.getTime() - from.getTime()),
  }));
  return Array.from({ length: count }, (_, serial) => {
    const { startMs, sessionId, quality } = sessions[draw(sessions.length)] ?? {
      startMs: from.getTime(),
      sessionId: '',
      quality: 'mock' as const,
    };
    const at = new Date(startMs + draw(Math.min(WEEKS_MS, to.getTime() - startMs)));
    return { at, id: idAt('use', at, serial), sessionId, quality, seconds: draw(3601) };
  });
}

export async function insertUsage(
  { prisma }: Database,
  rows: UsageRow[],
  tenant: { orgId: string; mode: 'test' | 'live' } = { orgId: 'dev', mode: 'test' },
): Promise<void> {
  const { orgId, mode } = tenant;
  await prisma.usageTotal.createMany({ data: totalsOf(rows).map((total) => ({ orgId, mode, ...total })) });
  await prisma.usageEvent.createMany({
    data: rows.map(({ at, id, sessionId, quality, seconds }) => ({
      ...tenant,
      id,
      sessionId,
      quality,
      intervalStart: new Date(at.getTime() - seconds * 1000),
      intervalEnd: at,
      billableSeconds: seconds,
      multiplier: CREDIT_MULTIPLIERS[quality],
      credits: Math.ceil(seconds / 60) * CREDIT_MULTIPLIERS[quality],
    })),
  });
}

/** Returns the monthly totals of the records, as the server keeps them. */
function totalsOf(rows: readonly UsageRow[]) {
  const monthOfRow = ({ at }: UsageRow) => monthOf(at).start.toISOString();
  const groups = new Map<string, [UsageRow, ...UsageRow[]]>();
  for (const row of rows) {
    const name = `${monthOfRow(row)} ${row.quality}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return [...groups.values()].map((group) => {
    const [first] = group;
    const sessions = [...new Set(group.map(({ sessionId }) => sessionId))];
    const isContinued = (id: string) =>
      rows.some((row) => row.sessionId === id && monthOfRow(row) < monthOfRow(first));
    return {
      month: monthOf(first.at).start,
      quality: first.quality,
      billableSeconds: group.reduce((total, { seconds }) => total + seconds, 0),
      credits: 0,
      sessions: sessions.length,
      continuedSessions: sessions.filter(isContinued).length,
    };
  });
}
