import { ApiError } from './api-error.ts';

/** Lets a wait begin that needs no turn: the turn is given up meanwhile and taken again after it. */
export type Pause = <T>(wait: () => Promise<T>) => Promise<T>;

/** As long as a request may wait for a connection to the database. */
const TIMEOUT_MS = 2_500;

/** Turns of one caller while another has one too: its requests do not add up to a wait in front of the other's. */
const CONTENDED = 2;

interface Turns {
  running: number;
  /** Each starts one. */
  readonly waiting: (() => void)[];
}

const NOTHING = (): void => undefined;

/**
 * Gives each caller a few turns at a time, in the order in which it asks. Callers do not wait for each other, and while
 * there are several each has two turns at most: a request takes many round trips to the database, and at each one it
 * waits behind what other requests have for the event loop.
 */
export class CallerTurns {
  readonly #atOnce: number;
  readonly #timeoutMs: number;
  readonly #callers = new Map<string, Turns>();

  constructor(atOnce: number, timeoutMs = TIMEOUT_MS) {
    this.#atOnce = atOnce;
    this.#timeoutMs = timeoutMs;
  }

  /** @throws {ApiError} 503 where no turn comes in time */
  async run<T>(caller: string, work: (pause: Pause) => Promise<T>): Promise<T> {
    let give = await this.#take(caller);
    try {
      return await work(async (wait) => {
        give();
        give = NOTHING;
        try {
          return await wait();
        } finally {
          give = await this.#take(caller);
        }
      });
    } finally {
      give();
    }
  }

  /** Resolves with what gives the turn back. */
  async #take(caller: string): Promise<() => void> {
    const turns = this.#callers.get(caller) ?? { running: 0, waiting: [] };
    this.#callers.set(caller, turns);
    const give = (): void => {
      this.#give(caller, turns);
    };
    if (turns.running < this.#limit) {
      turns.running += 1;
      return give;
    }
    await new Promise<void>((resolve, reject) => {
      const start = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        turns.waiting.splice(turns.waiting.indexOf(start), 1);
        reject(tooManyWait());
      }, this.#timeoutMs);
      turns.waiting.push(start);
    });
    return give;
  }

  get #limit(): number {
    return this.#callers.size > 1 ? Math.min(this.#atOnce, CONTENDED) : this.#atOnce;
  }

  #give(caller: string, turns: Turns): void {
    turns.running -= 1;
    if (turns.running === 0 && turns.waiting.length === 0) {
      this.#callers.delete(caller);
      // The one that is left alone may have more turns now.
      if (this.#callers.size === 1) for (const left of this.#callers.values()) this.#start(left);
    } else this.#start(turns);
  }

  /** A turn goes to the first that waits. */
  #start(turns: Turns): void {
    while (turns.running < this.#limit) {
      const next = turns.waiting.shift();
      if (next === undefined) return;
      turns.running += 1;
      next();
    }
  }
}

function tooManyWait(): ApiError {
  return new ApiError('at_capacity', {
    situation: 'caller',
    values: { seconds: 1 },
    headers: { 'Retry-After': '1' },
  });
}
