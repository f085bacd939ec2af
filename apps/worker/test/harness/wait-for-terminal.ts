import { terminalStatuses, type Greenroom, type Schemas } from '@greenroom/client';
import { expect } from '@jest/globals';

/** A session in a terminal status. */
export interface TerminalSession {
  session: Schemas['Session'];
  /** Its events, `to` and `reason` of each. */
  history: string[];
}

const TIMEOUT_MS = 90_000;

/** Waits until a session is over, and expects that its billed seconds equal its usage. */
export async function waitForTerminal(greenroom: Greenroom, id: string): Promise<TerminalSession> {
  const session = await greenroom.sessions.waitFor(id, terminalStatuses, {
    timeoutMs: TIMEOUT_MS,
    pollIntervalMs: 100,
  });
  const history: string[] = [];
  for await (const { to, reason } of greenroom.sessions.events(id)) history.push(`${to} ${reason}`);
  let billedSeconds = 0;
  for await (const event of greenroom.usage.events({ session_id: id })) {
    billedSeconds += event.billable_seconds;
  }
  expect(billedSeconds).toBe(session.usage.billable_seconds);
  return { session, history };
}

/** Expects that no session holds slots or credits, and that the billed seconds equal the sum of the sessions' usage. */
export async function expectAllReleased(greenroom: Greenroom): Promise<void> {
  const { concurrent_sessions: sessions, credits } = await greenroom.limits.get();
  expect(sessions.active).toBe(0);
  expect(credits.reserved).toBe(0);
  let usedSeconds = 0;
  for await (const { usage } of greenroom.sessions.list({ limit: 100 })) {
    usedSeconds += usage.billable_seconds;
  }
  const summary = await greenroom.usage.summary({ period: 'current_month' });
  expect(summary.billable_seconds).toBe(usedSeconds);
}
