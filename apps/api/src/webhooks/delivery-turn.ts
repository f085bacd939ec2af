import type { EndpointKey } from './webhook-endpoint-repository.ts';

/** The time in which a process delivers to an endpoint. */
export class DeliveryTurn {
  readonly endpoint: EndpointKey;
  /** The attempts in progress, oldest first. */
  readonly attempts = new Set<Promise<void>>();
  done = Promise.resolve();
  successes = 0;
  #isAwake = false;
  readonly #startedAtMs = performance.now();
  /** When something ended, or began while nothing was in progress. */
  #progressAtMs = performance.now();
  #notify: () => void = () => undefined;

  constructor(endpoint: EndpointKey) {
    this.endpoint = endpoint;
  }

  get isAwake(): boolean {
    return this.#isAwake;
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAtMs;
  }

  /** How long no attempt has ended while some are in progress. */
  get silentMs(): number {
    return this.attempts.size === 0 ? 0 : performance.now() - this.#progressAtMs;
  }

  wake(): void {
    this.#isAwake = true;
    this.#notify();
  }

  /** Ends its wait. */
  interrupt(): void {
    this.#notify();
  }

  /** Returns whether it was woken since the last call. */
  consumeWake(): boolean {
    const wasAwake = this.#isAwake;
    this.#isAwake = false;
    return wasAwake;
  }

  add(attempt: Promise<void>): void {
    if (this.attempts.size === 0) this.#progressAtMs = performance.now();
    const ended = attempt.finally(() => {
      this.attempts.delete(ended);
      this.#progressAtMs = performance.now();
      this.#notify();
    });
    this.attempts.add(ended);
  }

  /** Resolves when it is woken or an attempt ends. */
  async nextChange(): Promise<void> {
    if (this.#isAwake) return;
    await new Promise<void>((resolve) => {
      this.#notify = resolve;
    });
  }
}
