import { nextTick } from 'node:process';

import type { Request, RequestHandler } from 'express';

/** How long an iteration of the event loop may start requests. */
const SLICE_MS = 5;

/**
 * Schedules requests round-robin by caller, and starts them for at most `SLICE_MS` in each iteration of the event loop. Node
 * would start every request that has arrived before it handles other events, so hundreds of requests from one caller would
 * delay all others.
 */
export class RequestScheduler {
  readonly #waiting = new Map<string, (() => void)[]>();
  readonly #callerOf: (request: Request) => string;
  /** Milliseconds on the monotonic clock; null in an iteration that has started no request. */
  #sliceEndsAtMs: number | null = null;

  /** @param callerOf returns the name of a request's caller; called only for a request that waits */
  constructor(callerOf: (request: Request) => string) {
    this.#callerOf = callerOf;
  }

  /** The step of the pipeline. */
  readonly step: RequestHandler = (request, response, next) => {
    const start = () => {
      // The client may have disconnected while the request waited.
      if (!response.closed) next();
    };
    this.start(() => this.#callerOf(request), start);
  };

  /** Starts a request at once while this iteration has time left, and otherwise in its caller's turn. */
  start(callerOf: () => string, request: () => void): void {
    if (this.#waiting.size === 0 && this.#hasTime) {
      if (this.#sliceEndsAtMs === null) this.#startSlice();
      request();
      return;
    }
    const caller = callerOf();
    const waiting = this.#waiting.get(caller);
    if (waiting === undefined) this.#waiting.set(caller, [request]);
    else waiting.push(request);
  }

  get #hasTime(): boolean {
    return this.#sliceEndsAtMs === null || performance.now() < this.#sliceEndsAtMs;
  }

  #startSlice(): void {
    this.#sliceEndsAtMs = performance.now() + SLICE_MS;
    setImmediate(() => {
      this.#sliceEndsAtMs = null;
      if (this.#waiting.size === 0) return;
      this.#startSlice();
      this.#startNext();
    });
  }

  #startNext(): void {
    const [first] = this.#waiting;
    if (first === undefined || !this.#hasTime) return;
    const [caller, [request, ...others]] = first;
    // The caller's turn comes again after all others.
    this.#waiting.delete(caller);
    if (others.length > 0) this.#waiting.set(caller, others);
    request?.();
    // After the promises of the request, so that its work counts.
    queueMicrotask(() => {
      nextTick(() => this.#startNext());
    });
  }
}
