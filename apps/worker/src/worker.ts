import type { components } from '@greenroom/contract';
import pRetry from 'p-retry';
import type { Logger } from 'pino';

import { Performer } from './assignments/assignment-runner.ts';
import { ControlPlaneError } from './control-plane/control-plane-error.ts';
import type { ControlPlane } from './control-plane/control-plane.ts';
import type { Assignment, Runtime } from './runtime.ts';

export interface WorkerOptions {
  runtime: Runtime;
  slots: number;
  name: string;
  version: string;
  controlPlane: ControlPlane;
  log: Logger;
}

/** How long a claim waits for a session, of the 30 s that the server allows. */
const CLAIM_WAIT_SECONDS = 20;
/** When many sessions come at once, so many are claimed at the same time. */
const MAX_CLAIMS = 8;
const RETRIES = { retries: Infinity, minTimeout: 100, maxTimeout: 2_000, randomize: true };

/** One registration: claims sessions for its runtime as long as it has free slots, and performs them. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #performers = new Set<Performer>();
  readonly #claims = new Set<Promise<void>>();
  /** How many claims to keep open: one more with each session that came, one less with each wait in vain. */
  #wanted = 1;
  #registration: Promise<string>;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#log = options.log.child({ runtime: options.runtime.type });
    this.#registration = this.#begin();
    this.#claimMore();
  }

  /** Claims no more, and resolves when all performances have ended; they are told to. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#claims);
    for (const performer of this.#performers) performer.stop();
    await this.#allDone();
  }

  /** Claims no more and leaves all rooms at once. */
  async abort(): Promise<void> {
    this.#stopping.abort();
    for (const performer of this.#performers) performer.abort();
    await this.#allDone();
  }

  /** Leaves all rooms at once and says that the process crashed. */
  async crash(message: string): Promise<void> {
    this.#stopping.abort();
    for (const performer of this.#performers) performer.crash(message);
    await this.#allDone();
  }

  async #allDone(): Promise<void> {
    await Promise.all(Array.from(this.#performers, ({ done }) => done));
  }

  #claimMore(): void {
    const { slots } = this.#options;
    while (
      !this.#stopping.signal.aborted &&
      this.#claims.size < this.#wanted &&
      this.#claims.size + this.#performers.size < slots
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
      const assignment = await this.#persistently('claim not answered', () => this.#claimOnce());
      if (assignment === null) {
        this.#wanted = Math.max(1, this.#wanted - 1);
      } else {
        this.#wanted = Math.min(MAX_CLAIMS, this.#wanted + 1);
        this.#perform(assignment);
      }
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#log.error({ err: error }, 'claim failed');
    }
  }

  async #claimOnce(): Promise<Assignment | null> {
    const registration = this.#registration;
    const workerId = await registration;
    try {
      return await this.#options.controlPlane.claim(workerId, CLAIM_WAIT_SECONDS, this.#stopping.signal);
    } catch (error) {
      const isForgotten = error instanceof ControlPlaneError && error.isUnknownWorker;
      // Of several claims that hear of it, one registers.
      if (isForgotten && this.#registration === registration) this.#registration = this.#begin();
      throw error;
    }
  }

  #begin(): Promise<string> {
    const registration = this.#register();
    // Whoever claims hears of it; with nobody claiming, nobody has to.
    registration.catch(() => undefined);
    return registration;
  }

  async #register(): Promise<string> {
    const { runtime, slots, name, version, controlPlane } = this.#options;
    const self: components['schemas']['WorkerCreate'] = {
      ...{ name, version, slots },
      runtime_type: runtime.type,
      qualities: [...runtime.qualities],
    };
    const { id } = await this.#persistently('registration not answered', () =>
      controlPlane.register(self, this.#stopping.signal),
    );
    this.#log.info({ worker: id, slots }, 'registered');
    return id;
  }

  #perform(assignment: Assignment): void {
    const { runtime, controlPlane, log } = this.#options;
    const performer = new Performer({ assignment, runtime, controlPlane, log });
    this.#performers.add(performer);
    performer.done
      .catch((error: unknown) => this.#log.error({ err: error }, 'performance failed'))
      .finally(() => {
        this.#performers.delete(performer);
        this.#claimMore();
      });
  }

  /** Until it is answered or the worker stops. What the server refuses may be mended there, so that it is asked again. */
  #persistently<Answer>(complaint: string, attempt: () => Promise<Answer>): Promise<Answer> {
    return pRetry(attempt, {
      ...RETRIES,
      signal: this.#stopping.signal,
      onFailedAttempt: ({ error }) => {
        const isRefusal =
          error instanceof ControlPlaneError && !error.isUnavailable && !error.isUnknownWorker;
        this.#log[isRefusal ? 'error' : 'debug']({ reason: error.message }, complaint);
      },
    });
  }
}
