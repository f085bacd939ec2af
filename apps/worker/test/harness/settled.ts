import type { Greenroom, Schemas } from '@greenroom/client';
import { expect } from '@jest/globals';

/** What became of a session that is over. */
export interface Settled {
  session: Schemas['Session'];
  /** Its history, `to` and `reason` of each step. */
  history: string[];
}

const PATIENCE_MS = 90_000;

/** Waits for the end of a session; what is billed for it must be what it says it used. */
export async function settled(greenroom: Greenroom, id: string): Promise<Settled> {
  const session = await greenroom.sessions.waitFor(id, ['ended', 'failed', 'canceled'], {
    timeoutMs: PATIENCE_MS,
    pollIntervalMs: 100,
  });
  const history: string[] = [];
  for await (const { to, reason } of greenroom.sessions.events(id)) history.push(`${to} ${reason}`);
  let billedSeconds = 0;
  for await (const event of greenroom.usage.events({ session_id: id }))
    billedSeconds += event.billable_seconds;
  expect(billedSeconds).toBe(session.usage.billable_seconds);
  return { session, history };
}

/** Nothing is held by sessions that are over, and the total of the bills is that of the sessions. */
export async function expectAllFree(greenroom: Greenroom): Promise<void> {
  const { concurrent_sessions: sessions, credits } = await greenroom.limits.get();
  expect(sessions.active).toBe(0);
  expect(credits.reserved).toBe(0);
  let usedSeconds = 0;
  for await (const { usage } of greenroom.sessions.list({ limit: 100 }))
    usedSeconds += usage.billable_seconds;
  const summary = await greenroom.usage.summary({ period: 'current_month' });
  expect(summary.billable_seconds).toBe(usedSeconds);
}
