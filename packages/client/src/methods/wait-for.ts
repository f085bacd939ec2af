import { GreenroomSessionOverError, GreenroomTimeoutError } from '../errors/greenroom-errors.ts';
import { terminalStatuses } from '../generated/terminal-statuses.ts';
import type { components } from '../generated/wire.ts';
import { delay } from '../http/delay.ts';
import { withDeadline } from '../http/with-deadline.ts';
import type { StreamEvents } from './event-stream.ts';
import type { Method } from './method-types.ts';
import { SessionWatcher } from './session-watcher.ts';

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

/** The longest time in milliseconds without a request for the session: a proxy may hold back the events. */
const STREAM_TRUST_MS = 30_000;

/**
 * Creates `sessions.waitFor` from `sessions.get` and `events.stream`. All calls share one stream. Polls at
 * `pollIntervalMs` only while the stream is not open: an older server has none.
 */
export function createWaitFor(get: Method<'sessions.get'>, stream: StreamEvents): WaitFor {
  const watcher = new SessionWatcher(stream);
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
    const isDecided = (session: Session) => isOneOf(session, statuses) || isOneOf(session, terminalStatuses);
    return withDeadline({ timeoutMs, signal, timeoutError }, async (waitSignal) => {
      const done = new AbortController();
      const stop = () => {
        done.abort();
      };
      waitSignal.addEventListener('abort', stop);
      let unwatch: (() => void) | undefined;
      const watch = new Promise<Session>((resolve) => {
        unwatch = watcher.watch(id, (session) => {
          if (isDecided(session)) resolve(session);
        });
      });
      const poll = async () => {
        for (;;) {
          // Detects changes from before the stream was open.
          const { openStream } = watcher;
          const session = await get(id, { signal: done.signal });
          if (isDecided(session)) return session;
          const askAt = performance.now() + STREAM_TRUST_MS;
          do await delay(pollIntervalMs, done.signal);
          while (openStream > 0 && openStream === watcher.openStream && performance.now() < askAt);
        }
      };
      try {
        const session = await Promise.race([poll(), watch]);
        if (isOneOf(session, statuses)) return session;
        throw new GreenroomSessionOverError(session, statuses);
      } finally {
        stop();
        unwatch?.();
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
