import type { Request } from 'express';

import { ApiError } from '../errors/api-error.ts';

/** Runs a wait that needs no slot: the slot is released for its duration and acquired again after it. */
export type Pause = <T>(wait: () => Promise<T>) => Promise<T>;

/** A request that waits longer for a slot is rejected. */
const TIMEOUT_MS = 2_500;
/** A request gets its response within this time, even while the database is slow. */
const RESPONSE_MS = 4_500;

/** Slots of a caller while another caller is active, so that its requests do not queue in front of the other's. */
const CONTENDED_SLOTS = 2;
/** While another caller is active, a used slot has a cooldown as long as it was held, up to this. */
const MAX_COOLDOWN_MS = 100;

interface CallerSlots {
  /** Slots in use, including those in their cooldown. */
  inUse: number;
  readonly waiting: Waiter[];
  /** How long the latest slot was held. */
  latestMs: number;
}

interface Waiter {
  /** Milliseconds on the monotonic clock. */
  readonly sinceMs: number;
  start(): void;
  reject(): void;
}

const NOTHING = (): void => undefined;

/**
 * Limits how many requests of one caller run at once, and starts them in order. Callers do not wait for each other.
 * While several are active, each has two slots at most and uses them half of the time: a request takes many round trips
 * to the database, and after each one it waits for the event loop behind the work of other requests.
 */
export class CallerConcurrency {
  readonly #maxSlots: number;
  readonly #timeoutMs: number;
  readonly #responseMs: number;
  readonly #callers = new Map<string, CallerSlots>();

  constructor(maxSlots: number, { timeoutMs = TIMEOUT_MS, responseMs = RESPONSE_MS } = {}) {
    this.#maxSlots = maxSlots;
    this.#timeoutMs = timeoutMs;
    this.#responseMs = responseMs;
  }

  /**
   * Runs work in a slot of its caller. With `waitsFullTime`, it waits up to `responseMs` for a slot instead of `timeoutMs`.
   *
   * @throws {ApiError} 503 when no slot is available in time
   */
  async run<T>(
    caller: string,
    work: (pause: Pause) => Promise<T>,
    { waitsFullTime = false }: { waitsFullTime?: boolean } = {},
  ): Promise<T> {
    const timeoutMs = waitsFullTime ? this.#responseMs : this.#timeoutMs;
    let release = await this.#acquire(caller, timeoutMs);
    try {
      return await work(async (wait) => {
        release();
        release = NOTHING;
        try {
          return await wait();
        } finally {
          release = await this.#acquire(caller, timeoutMs);
        }
      });
    } finally {
      release();
    }
  }

  /** Resolves with the function that releases the slot. */
  async #acquire(caller: string, timeoutMs: number): Promise<() => void> {
    const slots = this.#callers.get(caller) ?? { inUse: 0, waiting: [], latestMs: 0 };
    this.#callers.set(caller, slots);
    if (slots.inUse < this.#limit) slots.inUse += 1;
    else await this.#wait(slots, timeoutMs);
    const startedAtMs = performance.now();
    return () => {
      this.#finish(caller, slots, performance.now() - startedAtMs);
    };
  }

  #wait({ waiting }: CallerSlots, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        sinceMs: performance.now(),
        start() {
          clearTimeout(timer);
          resolve();
        },
        reject() {
          clearTimeout(timer);
          reject(atCapacity());
        },
      };
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(waiter), 1);
        waiter.reject();
      }, timeoutMs);
      waiting.push(waiter);
    });
  }

  get #isContended(): boolean {
    return this.#callers.size > 1;
  }

  get #limit(): number {
    return this.#isContended ? Math.min(this.#maxSlots, CONTENDED_SLOTS) : this.#maxSlots;
  }

  #finish(caller: string, slots: CallerSlots, heldMs: number): void {
    slots.latestMs = heldMs;
    const release = (): void => {
      this.#release(caller, slots);
    };
    if (slots.waiting.length > 0 && this.#isContended) setTimeout(release, Math.min(heldMs, MAX_COOLDOWN_MS));
    else release();
  }

  #release(caller: string, slots: CallerSlots): void {
    slots.inUse -= 1;
    this.#startWaiting(slots);
    if (slots.inUse > 0) return;
    this.#callers.delete(caller);
    // The limit of the only active caller is higher.
    if (this.#callers.size === 1) for (const only of this.#callers.values()) this.#startWaiting(only);
  }

  /** Starts the longest-waiting requests. Rejects those that would not end in time. */
  #startWaiting(slots: CallerSlots): void {
    while (slots.inUse < this.#limit) {
      const next = slots.waiting.shift();
      if (next === undefined) return;
      if (performance.now() - next.sinceMs + slots.latestMs > this.#responseMs) {
        next.reject();
        continue;
      }
      slots.inUse += 1;
      next.start();
    }
  }
}

function atCapacity(): ApiError {
  return new ApiError('at_capacity', {
    situation: 'caller',
    values: { seconds: 1 },
  });
}

/** Returns the name of a request's caller: its organisation, its worker key or its address. */
export function callerOf({ context: { identity }, ip }: Request): string {
  switch (identity.kind) {
    case 'customer':
      return `org ${identity.orgId}`;
    case 'worker':
      return `key ${identity.keyId}`;
    case 'anonymous':
      return `address ${ip ?? 'unknown'}`;
  }
}

/**
 * Returns whether a request ends a session. Ends have a separate share, so that other requests never delay the end of
 * billing.
 */
export function isEnd({ context }: Request): boolean {
  return context.operationId === 'sessions.end';
}

/** Returns the name of the share of capacity and of database connections that a request counts against. */
export function shareOf(request: Request): string {
  return isEnd(request) ? `${callerOf(request)} ends` : callerOf(request);
}
