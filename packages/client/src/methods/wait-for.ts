import { GreenroomSessionOverError, GreenroomTimeoutError } from '../errors/greenroom-errors.ts';
import { terminalStatuses } from '../generated/terminal-statuses.ts';
import type { components } from '../generated/wire.ts';
import { delay } from '../http/delay.ts';
import { withDeadline } from '../http/with-deadline.ts';
import type { createEventStream } from './event-stream.ts';
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

/**
 * Creates `sessions.waitFor` from `sessions.get` and `events.stream`. Asks for the session again and again only while the
 * stream is not open: its server may have none, or a proxy may hold it back.
 */
export function createWaitFor(
  get: Method<'sessions.get'>,
  stream: ReturnType<typeof createEventStream>,
): WaitFor {
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
    const isFound = (session: Session) => {
      if (isOneOf(session, statuses)) return true;
      if (isOneOf(session, terminalStatuses)) throw new GreenroomSessionOverError(session, statuses);
      return false;
    };
    return withDeadline({ timeoutMs, signal, timeoutError }, async (waitSignal) => {
      const done = new AbortController();
      const stop = () => {
        done.abort();
      };
      waitSignal.addEventListener('abort', stop);
      let isOpen = false;
      const poll = async () => {
        for (;;) {
          // Sees what happened before the stream was open.
          const isLast = isOpen;
          const session = await get(id, { signal: done.signal });
          if (isFound(session)) return session;
          do await delay(pollIntervalMs, done.signal);
          while (isLast && isOpen);
        }
      };
      const follow = async () => {
        const events = stream({ sessionId: id, signal: done.signal }, (state) => {
          isOpen = state;
        });
        try {
          for await (const { data } of events) {
            const session = data.object as Session;
            if (isFound(session)) return session;
          }
        } catch (error) {
          if (error instanceof GreenroomSessionOverError) throw error;
        }
        isOpen = false;
        return new Promise<never>(() => undefined);
      };
      try {
        return (await Promise.race([poll(), follow()])) as Session & { status: Status };
      } finally {
        stop();
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
