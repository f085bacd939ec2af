import { GreenroomSessionOverError, GreenroomTimeoutError } from '../errors/greenroom-errors.ts';
import { terminalStatuses } from '../generated/terminal-statuses.ts';
import type { components } from '../generated/wire.ts';
import { delay } from '../http/delay.ts';
import { withDeadline } from '../http/with-deadline.ts';
import type { Method } from './method-types.ts';

type Session = components['schemas']['Session'];
type SessionStatus = components['schemas']['SessionStatus'];

export interface WaitForOptions {
  /** Stops waiting. The call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Maximum wait in milliseconds. Default 300 000. */
  readonly timeoutMs?: number | undefined;
  /** Time between two requests for the session, in milliseconds. Default 1000. */
  readonly pollIntervalMs?: number | undefined;
}

/**
 * Waits until a session is in one of the statuses, and resolves with the session.
 *
 * @throws {GreenroomSessionOverError} when the session can no longer reach any of the statuses
 * @throws {GreenroomTimeoutError} `wait_timeout` after `timeoutMs`
 * @throws {GreenroomError} when the session cannot be read
 */
export type WaitFor = <const Status extends SessionStatus>(
  id: string,
  statuses: readonly Status[],
  options?: WaitForOptions,
) => Promise<Session & { status: Status }>;

/** Creates `sessions.waitFor` from `sessions.get`. */
export function createWaitFor(get: Method<'sessions.get'>): WaitFor {
  return async <const Status extends SessionStatus>(
    id: string,
    statuses: readonly Status[],
    { signal, timeoutMs = 300_000, pollIntervalMs = 1000 }: WaitForOptions = {},
  ) => {
    if (statuses.length === 0) throw new TypeError('waitFor needs a list of statuses.');
    if (!(timeoutMs > 0 && pollIntervalMs > 0)) {
      throw new TypeError('timeoutMs and pollIntervalMs must be numbers of milliseconds above 0.');
    }
    const timeoutError = () =>
      new GreenroomTimeoutError(
        'wait_timeout',
        `${id} was not ${statuses.join(' or ')} within ${String(timeoutMs)} ms.`,
      );
    return withDeadline({ timeoutMs, signal, timeoutError }, async (waitSignal) => {
      for (;;) {
        const session = await get(id, { signal: waitSignal });
        if (isOneOf(session, statuses)) return session;
        if (isOneOf(session, terminalStatuses)) throw new GreenroomSessionOverError(session, statuses);
        await delay(pollIntervalMs, waitSignal);
      }
    });
  };
}

function isOneOf<Status extends SessionStatus>(
  session: Session,
  statuses: readonly Status[],
): session is Session & { status: Status } {
  return statuses.some((status) => status === session.status);
}
