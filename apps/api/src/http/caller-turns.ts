import { ApiError } from '../errors/api-error.ts';

/** Lets a wait begin that needs no turn: the turn is given up meanwhile and taken again after it. */
export type Pause = <T>(wait: () => Promise<T>) => Promise<T>;

/** A request that waits longer for its turn is rejected. */
const TIMEOUT_MS = 2_500;
/** Within this time a request has its response, also where the database is slow. */
const RESPONSE_MS = 4_500;

/** Turns of one caller while another has one too: its requests do not add up to a wait in front of the other's. */
const CONTENDED = 2;
/** A turn is followed by a rest as long as itself, up to this, while another caller has one too. */
const MAX_REST_MS = 100;

interface Turns {
  /** Those that rest are among them. */
  running: number;
  readonly waiting: Waiting[];
  /** How long the latest turn took. */
  latestMs: number;
}

interface Waiting {
  /** Milliseconds on the monotonic clock. */
  readonly sinceMs: number;
  start(): void;
  refuse(): void;
}

const NOTHING = (): void => undefined;

/**
 * Gives each caller a few turns at a time, in the order in which it asks. Callers do not wait for each other. While
 * there are several, each has two turns at most and uses half of their time: a request takes many round trips to the
 * database, and at each one it waits behind what other requests have for the event loop.
 */
export class CallerTurns {
  readonly #atOnce: number;
  readonly #timeoutMs: number;
  readonly #responseMs: number;
  readonly #callers = new Map<string, Turns>();

  constructor(atOnce: number, { timeoutMs = TIMEOUT_MS, responseMs = RESPONSE_MS } = {}) {
    this.#atOnce = atOnce;
    this.#timeoutMs = timeoutMs;
    this.#responseMs = responseMs;
  }

  /**
   * With `isPatient`, the turn is waited for as long as a response may take.
   *
   * @throws {ApiError} 503 where no turn comes in time
   */
  async run<T>(
    caller: string,
    work: (pause: Pause) => Promise<T>,
    { isPatient = false }: { isPatient?: boolean } = {},
  ): Promise<T> {
    const timeoutMs = isPatient ? this.#responseMs : this.#timeoutMs;
    let give = await this.#take(caller, timeoutMs);
    try {
      return await work(async (wait) => {
        give();
        give = NOTHING;
        try {
          return await wait();
        } finally {
          give = await this.#take(caller, timeoutMs);
        }
      });
    } finally {
      give();
    }
  }

  /** Resolves with what ends the turn. */
  async #take(caller: string, timeoutMs: number): Promise<() => void> {
    const turns = this.#callers.get(caller) ?? { running: 0, waiting: [], latestMs: 0 };
    this.#callers.set(caller, turns);
    if (turns.running < this.#limit) turns.running += 1;
    else await this.#wait(turns, timeoutMs);
    const startedAtMs = performance.now();
    return () => {
      this.#end(caller, turns, performance.now() - startedAtMs);
    };
  }

  #wait({ waiting }: Turns, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const one: Waiting = {
        sinceMs: performance.now(),
        start() {
          clearTimeout(timer);
          resolve();
        },
        refuse() {
          clearTimeout(timer);
          reject(tooManyWait());
        },
      };
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(one), 1);
        one.refuse();
      }, timeoutMs);
      waiting.push(one);
    });
  }

  get #isContended(): boolean {
    return this.#callers.size > 1;
  }

  get #limit(): number {
    return this.#isContended ? Math.min(this.#atOnce, CONTENDED) : this.#atOnce;
  }

  #end(caller: string, turns: Turns, tookMs: number): void {
    turns.latestMs = tookMs;
    const release = (): void => {
      this.#release(caller, turns);
    };
    if (turns.waiting.length > 0 && this.#isContended) setTimeout(release, Math.min(tookMs, MAX_REST_MS));
    else release();
  }

  #release(caller: string, turns: Turns): void {
    turns.running -= 1;
    this.#startWaiting(turns);
    if (turns.running > 0) return;
    this.#callers.delete(caller);
    // The one that is left alone may have more turns now.
    if (this.#callers.size === 1) for (const left of this.#callers.values()) this.#startWaiting(left);
  }

  /** Turns go to those that wait longest. One that would not end in time is not begun. */
  #startWaiting(turns: Turns): void {
    while (turns.running < this.#limit) {
      const next = turns.waiting.shift();
      if (next === undefined) return;
      if (performance.now() - next.sinceMs + turns.latestMs > this.#responseMs) {
        next.refuse();
        continue;
      }
      turns.running += 1;
      next.start();
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
