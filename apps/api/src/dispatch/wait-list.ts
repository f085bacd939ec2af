/** How long, and under which conditions, a worker's request waits. */
export interface LongPoll {
  waitSeconds: number;
  /** Aborts when the worker disconnects. */
  signal: AbortSignal;
  /** Runs a wait without counting the request as work in progress. */
  withoutCapacity: <T>(wait: () => Promise<T>) => Promise<T>;
}

export interface Subscription {
  /**
   * Resolves at the next notification, after `ms`, or when the signal aborts. Resolves at once when a notification
   * arrived since the last wait. Resolves with whether there was one.
   */
  wait(ms: number, signal: AbortSignal): Promise<boolean>;
  /** Ends the subscription. A notification for this subscriber alone that it has not used goes to another one. */
  unsubscribe(): void;
}

/**
 * Notifies the requests of this process that wait for a message. Subscribe before querying the database, so that no
 * notification is lost in between.
 */
export class WaitList {
  readonly #subscribers = new Set<Subscriber>();
  #isClosed = false;

  /** Whether the process is stopping, so that no request may keep waiting. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  subscribe(matches: (message: string) => boolean): Subscription {
    const subscriber = new Subscriber(matches, (unused) => {
      this.#subscribers.delete(subscriber);
      if (unused !== null) this.notifyOne(unused);
    });
    this.#subscribers.add(subscriber);
    return subscriber;
  }

  /** Wakes the longest-waiting matching subscriber that is still asleep. */
  notifyOne(message: string): void {
    for (const subscriber of this.#subscribers) {
      if (!subscriber.isAwake && subscriber.matches(message)) {
        subscriber.wake(message);
        return;
      }
    }
  }

  /** Wakes every matching subscriber. */
  notifyAll(message: string): void {
    for (const subscriber of this.#subscribers) if (subscriber.matches(message)) subscriber.wake(null);
  }

  /** Wakes every subscriber, because messages may have been lost. */
  wakeAll(): void {
    for (const subscriber of this.#subscribers) subscriber.wake(null);
  }

  close(): void {
    this.#isClosed = true;
    this.wakeAll();
  }
}

class Subscriber implements Subscription {
  readonly matches: (message: string) => boolean;
  readonly #leave: (unused: string | null) => void;
  #resolve: (() => void) | null = null;
  #unused: string | null = null;
  isAwake = false;

  constructor(matches: (message: string) => boolean, leave: (unused: string | null) => void) {
    this.matches = matches;
    this.#leave = leave;
  }

  wake(message: string | null): void {
    this.isAwake = true;
    this.#unused = message;
    this.#resolve?.();
  }

  async wait(ms: number, signal: AbortSignal): Promise<boolean> {
    if (!this.isAwake && ms > 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const settle = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', settle);
          resolve();
        };
        const timer = setTimeout(settle, ms);
        this.#resolve = settle;
        signal.addEventListener('abort', settle, { once: true });
      });
      this.#resolve = null;
    }
    const wasNotified = this.isAwake;
    if (signal.aborted) return wasNotified;
    this.isAwake = false;
    this.#unused = null;
    return wasNotified;
  }

  unsubscribe(): void {
    this.#leave(this.#unused);
  }
}
