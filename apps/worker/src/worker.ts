import type { components } from '@greenroom/contract';
import type { Tracing } from '@greenroom/tracing';
import pRetry from 'p-retry';
import type { Logger } from 'pino';

import { AssignmentRunner } from './assignments/assignment-runner.ts';
import { delay } from './assignments/delay.ts';
import { ControlPlaneError, requestIdOf } from './control-plane/control-plane-error.ts';
import type { ControlPlane } from './control-plane/control-plane.ts';
import type { Assignment, Runtime } from './runtime.ts';

export interface WorkerOptions {
  runtime: Runtime;
  slots: number;
  name: string;
  version: string;
  controlPlane: ControlPlane;
  log: Logger;
  /** Null disables tracing. */
  tracing: Tracing | null;
}

/** How long a claim waits for a session. */
const CLAIM_WAIT_SECONDS = 20;
/** The limit of concurrent claims during a burst of sessions. */
const MAX_CLAIMS = 8;
/** The pause after a claim that failed for an unknown reason. */
const ERROR_PAUSE_MS = 1_000;
const RETRIES = { retries: Infinity, minTimeout: 100, maxTimeout: 2_000, randomize: true };

/** One registration with the server: claims sessions for its runtime while it has free slots, and runs them. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #runners = new Set<AssignmentRunner>();
  readonly #claims = new Set<Promise<void>>();
  /** How many claims to keep open: one more after each session, one fewer after each empty response. */
  #targetClaims = 1;
  #registration: Promise<string>;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#log = options.log.child({ runtime: options.runtime.type });
    this.#registration = this.#startRegistration();
    this.#claimMore();
  }

  /** Stops claiming, drains the performances, and resolves when all have ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#claims);
    for (const runner of this.#runners) runner.stop();
    await this.#runnersDone();
  }

  /** Stops claiming and leaves all rooms at once. */
  async abort(): Promise<void> {
    this.#stopping.abort();
    for (const runner of this.#runners) runner.abort();
    await this.#runnersDone();
  }

  /** Stops claiming, leaves all rooms at once and reports that the worker crashed. */
  async crash(message: string): Promise<void> {
    this.#stopping.abort();
    for (const runner of this.#runners) runner.crash(message);
    await this.#runnersDone();
  }

  async #runnersDone(): Promise<void> {
    await Promise.all(Array.from(this.#runners, ({ done }) => done));
  }

  #claimMore(): void {
    const { slots } = this.#options;
    while (
      !this.#stopping.signal.aborted &&
      this.#claims.size < this.#targetClaims &&
      this.#claims.size + this.#runners.size < slots
    ) {
      const claim = this.#claim().finally(() => {
        this.#claims.delete(claim);
        this.#claimMore();
      });
      this.#claims.add(claim);
    }
  }

  async #claim(): Promise<void> {
    try {
      const claimed = await this.#retryUntilStopped('claim failed', () => this.#claimOnce());
      if (claimed === null) {
        this.#targetClaims = Math.max(1, this.#targetClaims - 1);
      } else {
        this.#targetClaims = Math.min(MAX_CLAIMS, this.#targetClaims + 1);
        this.#perform(claimed.body, claimed.requestId);
      }
    } catch (error) {
      if (!this.#stopping.signal.aborted) {
        this.#log.error({ request_id: requestIdOf(error), err: error }, 'claim aborted');
        // The registration may be the cause.
        this.#registration = this.#startRegistration();
        await delay(ERROR_PAUSE_MS, this.#stopping.signal);
      }
    }
  }

  async #claimOnce(): ReturnType<ControlPlane['claim']> {
    const registration = this.#registration;
    const workerId = await registration;
    try {
      return await this.#options.controlPlane.claim(workerId, CLAIM_WAIT_SECONDS, this.#stopping.signal);
    } catch (error) {
      const isForgotten = error instanceof ControlPlaneError && error.isUnknownWorker;
      // Several claims may fail because of this; the first one registers again.
      if (isForgotten && this.#registration === registration) this.#registration = this.#startRegistration();
      throw error;
    }
  }

  #startRegistration(): Promise<string> {
    const registration = this.#register();
    // Claims await this promise; ignore the rejection here.
    registration.catch(() => undefined);
    return registration;
  }

  async #register(): Promise<string> {
    const { runtime, slots, name, version, controlPlane } = this.#options;
    const worker: components['schemas']['WorkerCreate'] = {
      ...{ name, version, slots },
      runtime_type: runtime.type,
      qualities: [...runtime.qualities],
      media_url: runtime.mediaUrl,
    };
    const { body: registered, requestId } = await this.#retryUntilStopped('registration failed', () =>
      controlPlane.register(worker, this.#stopping.signal),
    );
    this.#log.info({ request_id: requestId, worker: registered.id, slots }, 'registered');
    return registered.id;
  }

  #perform(assignment: Assignment, claimId: string): void {
    const { runtime, controlPlane, tracing, log } = this.#options;
    const runner = new AssignmentRunner({ assignment, claimId, runtime, controlPlane, tracing, log });
    this.#runners.add(runner);
    runner.done
      .catch((error: unknown) => this.#log.error({ err: error }, 'session runner failed'))
      .finally(() => {
        this.#runners.delete(runner);
        this.#claimMore();
      });
  }

  /**
   * Retries until `attempt` succeeds or the worker stops, even after a 4xx status, which can be fixed on the server.
   */
  #retryUntilStopped<Result>(failureMessage: string, attempt: () => Promise<Result>): Promise<Result> {
    return pRetry(attempt, {
      ...RETRIES,
      signal: this.#stopping.signal,
      onFailedAttempt: ({ error }) => {
        const isRefusal =
          error instanceof ControlPlaneError && !error.isUnavailable && !error.isUnknownWorker;
        const fields = { request_id: requestIdOf(error), reason: error.message };
        this.#log[isRefusal ? 'error' : 'debug'](fields, failureMessage);
      },
    });
  }
}
