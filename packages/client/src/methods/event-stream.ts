import { createParser } from 'eventsource-parser';

import type { GreenroomError } from '../errors/greenroom-errors.ts';
import type { components } from '../generated/wire.ts';
import { delay } from '../http/delay.ts';
import type { SendRequest } from '../http/send-request.ts';
import { waitBeforeRetryMs } from '../http/wait-before-retry.ts';
import type { Operation } from '../operation.ts';

type Event = components['schemas']['Event'];
type EventType = components['schemas']['EventType'];

export interface EventStreamOptions {
  /** Only events of these types. By default all. */
  readonly types?: readonly EventType[] | undefined;
  /** Only events of this session. */
  readonly sessionId?: string | undefined;
  /** Resumes after this event. By default, the stream starts with new events. */
  readonly lastEventId?: string | undefined;
  /** Ends the stream. The loop rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called with true when the stream is open, and with false when its connection is lost. Must not throw. */
  readonly onConnectionChange?: ((isOpen: boolean) => void) | undefined;
}

/**
 * Iterates over the events of the organisation as they happen, each once and in order. Reconnects whenever the
 * connection is lost or the server restarts, and resumes after the last event. Leaving the loop closes the stream.
 *
 * @throws {GreenroomError} when the server rejects the stream
 */
export type StreamEvents = (options?: EventStreamOptions) => AsyncGenerator<Event, void, undefined>;

/** The server sends something every 15 seconds. */
const SILENCE_MS = 40_000;

/** Creates `events.stream`. */
export function createEventStream(operation: Operation, send: SendRequest): StreamEvents {
  return async function* ({ types, sessionId, lastEventId, signal, onConnectionChange } = {}) {
    let position = lastEventId;
    let retryMs = 1000;
    let wasOpen = false;
    let isLive = false;
    for (let retry = 0; ;) {
      signal?.throwIfAborted();
      const controller = new AbortController();
      const abort = () => {
        controller.abort(signal?.reason);
      };
      signal?.addEventListener('abort', abort);
      let timer = setTimeout(abort, SILENCE_MS);
      let waitMs: number | null | undefined;
      let isOpen;
      try {
        const query = { type: types, session_id: sessionId, last_event_id: position };
        const request = { operation, path: {}, query, body: undefined, headers: new Headers() };
        const body = (await send(request, controller.signal)) as ReadableStream<Uint8Array<ArrayBuffer>>;
        isOpen = wasOpen = true;
        const received: { id?: string | undefined; data?: string }[] = [];
        const parser = createParser({
          onEvent(event) {
            received.push(event);
          },
          // The position of a stream that has no event for long.
          onComment(id) {
            received.push({ id });
          },
          onRetry(interval) {
            retryMs = interval;
          },
        });
        const reader = body.pipeThrough(new TextDecoderStream()).getReader();
        for (;;) {
          const { done, value } = await reader.read();
          clearTimeout(timer);
          if (done) break;
          retry = 0;
          // The first bytes prove that no proxy holds the stream back.
          if (!isLive) onConnectionChange?.((isLive = true));
          parser.feed(value);
          // The timer does not run while the caller handles events.
          for (const { id, data } of received.splice(0)) {
            const event = data && (JSON.parse(data) as Event);
            if (id?.match(/^evt_[0-9A-Z]{26}$/)) position = id;
            if (event) yield event;
          }
          timer = setTimeout(abort, SILENCE_MS);
        }
      } catch (error) {
        signal?.throwIfAborted();
        if (!isOpen) {
          waitMs = waitBeforeRetryMs(error, retry++);
          // The server may still count the lost connection.
          if (wasOpen) waitMs ??= (error as GreenroomError).retryAfterMs;
          if (waitMs == null) throw error;
        }
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        controller.abort();
      }
      if (isLive) onConnectionChange?.((isLive = false));
      await delay(waitMs ?? retryMs, signal);
    }
  };
}
