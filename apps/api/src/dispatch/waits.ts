/** How a request of a worker waits. */
export interface Patience {
  waitSeconds: number;
  /** Aborted when the worker has gone. */
  signal: AbortSignal;
  /** Waits without being counted as work in hand. */
  idle: <T>(wait: () => Promise<T>) => Promise<T>;
}

/** One that waits for a message of a kind. */
export interface Waiting {
  /** Resolves at the next message, or at the one that came since the last rest; after `ms`; or when aborted. */
  rest(ms: number, signal: AbortSignal): Promise<void>;
  /** Waits no more. A message that it was woken for and did not use goes to another. */
  done(): void;
}

/**
 * Requests of this process that wait for a message. Whoever waits looks at the database after it said that it waits,
 * so that no message falls between the look and the wait.
 */
export class Waits {
  readonly #waiting = new Set<Waiter>();
  #closed = false;

  /** True when the process stops: nobody is to wait any longer. */
  get closed(): boolean {
    return this.#closed;
  }

  expect(concerns: (message: string) => boolean): Waiting {
    const waiter = new Waiter(concerns, (message) => {
      this.#waiting.delete(waiter);
      if (message !== null) this.wakeOne(message);
    });
    this.#waiting.add(waiter);
    return waiter;
  }

  /** Wakes the longest-waiting matching waiter that is still asleep. */
  wakeOne(message: string): void {
    for (const waiter of this.#waiting) {
      if (!waiter.isWoken && waiter.concerns(message)) {
        waiter.wake(message);
        return;
      }
    }
  }

  /** Wakes every matching waiter. */
  wakeAll(message: string): void {
    for (const waiter of this.#waiting) if (waiter.concerns(message)) waiter.wake(null);
  }

  /** Messages may have been missed: everybody looks again. */
  wakeEverybody(): void {
    for (const waiter of this.#waiting) waiter.wake(null);
  }

  close(): void {
    this.#closed = true;
    this.wakeEverybody();
  }
}

class Waiter implements Waiting {
  readonly concerns: (message: string) => boolean;
  readonly #leave: (unused: string | null) => void;
  #resolve: (() => void) | null = null;
  #message: string | null = null;
  isWoken = false;

  constructor(concerns: (message: string) => boolean, leave: (unused: string | null) => void) {
    this.concerns = concerns;
    this.#leave = leave;
  }

  wake(message: string | null): void {
    this.isWoken = true;
    this.#message = message;
    this.#resolve?.();
  }

  async rest(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.isWoken && ms > 0 && !signal.aborted) {
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
    if (signal.aborted) return;
    this.isWoken = false;
    this.#message = null;
  }

  done(): void {
    this.#leave(this.#message);
  }
}
