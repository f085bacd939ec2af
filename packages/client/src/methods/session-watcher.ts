import type { components } from '../generated/wire.ts';
import type { StreamEvents } from './event-stream.ts';

type Session = components['schemas']['Session'];

interface Watch {
  readonly id: string;
  readonly onSession: (session: Session) => void;
}

interface Followed {
  /** All sessions when undefined. */
  readonly sessionId: string | undefined;
  readonly abort: () => void;
}

/**
 * Watches any number of sessions over one event stream, because the streams of a key are limited. While only one
 * session is watched, the stream has only its events.
 */
export class SessionWatcher {
  readonly #stream: StreamEvents;
  readonly #watches = new Set<Watch>();
  #current: Followed | undefined;
  #streams = 0;
  #openStream = 0;

  constructor(stream: StreamEvents) {
    this.#stream = stream;
  }

  /**
   * The number of the open stream, from 1; 0 while none is open. A stream has all events from the moment it opened,
   * even when it was interrupted.
   */
  get openStream(): number {
    return this.#openStream;
  }

  /** Calls `onSession` with a session after each of its events. Returns a function that stops watching. */
  watch(id: string, onSession: Watch['onSession']): () => void {
    const watch = { id, onSession };
    this.#watches.add(watch);
    const { sessionId } = this.#current ?? { sessionId: null };
    if (sessionId !== undefined && sessionId !== id) this.#follow(sessionId === null ? id : undefined);
    return () => {
      this.#watches.delete(watch);
      if (this.#watches.size === 0) this.#close();
    };
  }

  #follow(sessionId: string | undefined): void {
    const number = ++this.#streams;
    const previous = this.#current;
    const controller = new AbortController();
    const current = {
      sessionId,
      abort() {
        controller.abort();
        previous?.abort();
      },
    };
    this.#current = current;
    this.#openStream = 0;
    const onConnectionChange = (isOpen: boolean) => {
      // Not earlier, so that sessions that are already watched miss no event.
      if (isOpen) previous?.abort();
      if (this.#current === current) this.#openStream = isOpen ? number : 0;
    };
    const events = this.#stream({ sessionId, signal: controller.signal, onConnectionChange });
    const follow = async () => {
      for await (const { data } of events) {
        const object = data.object as Session;
        for (const { id, onSession } of this.#watches) if (id === object.id) onSession(object);
      }
    };
    // When the stream fails, the next call to `watch` opens another.
    follow().catch(() => {
      if (this.#current === current) this.#close();
    });
  }

  #close(): void {
    this.#current?.abort();
    this.#current = undefined;
    this.#openStream = 0;
  }
}
