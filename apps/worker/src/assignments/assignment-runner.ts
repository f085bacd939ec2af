import pRetry from 'p-retry';
import type { Logger } from 'pino';

import { ControlPlaneError } from '../control-plane/control-plane-error.ts';
import type { ControlPlane } from '../control-plane/control-plane.ts';
import type { Assignment, Outcome, Performance, Runtime } from '../runtime.ts';
import { begin } from './start-performance.ts';
import { Lease } from './lease.ts';
import { News } from './change-signal.ts';
import { pause } from './delay.ts';
import { reportOf, type Report } from './report.ts';

export interface PerformerOptions {
  assignment: Assignment;
  runtime: Runtime;
  controlPlane: ControlPlane;
  log: Logger;
}

/** By the document, how long the server may be asked to hold an answer back. */
const LONGEST_WAIT_SECONDS = 30;
/** A draining performance is soon over, and the server has little left to say: it is asked without waiting. */
const DRAINING_INTERVAL_MS = 1_000;
const RETRIES = { retries: Infinity, minTimeout: 100, maxTimeout: 1_000, randomize: true };
/** Longer than any timer that matters; news ends it. */
const UNTIL_NEWS_MS = 2 ** 31 - 1;

/** A smaller difference is the time that the answer was on its way, and not one of the clocks. */
const MIN_CLOCK_DIFFERENCE_MS = 1_000;

/** The worker goes, and another may perform what nobody has seen yet. */
export class HandedBackError extends Error {
  override readonly name = 'HandedBackError';
}

/** Performs one assignment: keeps the server informed, does as it says, and leaves when the lease is lost. */
export class Performer {
  /** Resolves when the room has been left and there is nothing more to report. Never rejects. */
  readonly done: Promise<void>;
  readonly #options: PerformerOptions;
  readonly #log: Logger;
  readonly #lease: Lease;
  readonly #news = new News();
  readonly #performance: Performance;
  readonly #serverAheadMs: number;
  #draining = false;
  #crash: Outcome | null = null;
  #end: { outcome: Outcome; at: Date } | null = null;

  constructor(options: PerformerOptions) {
    const { assignment, runtime, log } = options;
    this.#options = options;
    this.#log = log.child({ session: assignment.session.id, fence: assignment.fence });
    this.#lease = new Lease(assignment.lease_seconds);
    const aheadMs = Date.parse(assignment.assigned_at) - Date.now();
    // Not a number where the server is older than this worker and does not say.
    this.#serverAheadMs = Math.abs(aheadMs) >= MIN_CLOCK_DIFFERENCE_MS ? aheadMs : 0;
    this.#performance = begin(
      runtime,
      assignment,
      () => this.#portrait(),
      () => this.#news.arrive(),
    );
    const ended = this.#performance.outcome.then((outcome) => {
      this.#end = { outcome: this.#crash ?? outcome, at: new Date() };
      this.#news.arrive();
    });
    this.done = this.#perform().finally(() => ended);
  }

  /** Ends the performance because this worker stops: hands it back where nobody has seen it, else finishes it. */
  stop(): void {
    if (this.#performance.progress().firstFrameAt === null) this.#lease.end(new HandedBackError());
    else {
      this.#drain();
      this.#news.arrive();
    }
  }

  /** Leaves at once and says that the worker crashed. */
  crash(message: string): void {
    this.#crash = { state: 'failed', failure: { code: 'worker.crashed', message } };
    this.#performance.abort();
  }

  /** Leaves at once; what it came to is still reported. */
  abort(): void {
    this.#performance.abort();
  }

  async #perform(): Promise<void> {
    this.#log.info('performance begun');
    try {
      await this.#reportUntilEnd();
      this.#logEnd();
    } catch (error) {
      // Nothing more is reported: the session is no longer this worker's.
      this.#performance.abort();
      if (error instanceof HandedBackError) this.#log.info('assignment handed back');
      else this.#log.warn({ reason: String(error) }, 'assignment lost');
    } finally {
      this.#lease.suspend();
    }
  }

  async #reportUntilEnd(): Promise<void> {
    for (;;) {
      if (this.#performance.progress().cutOff === true) await this.#beCutOff();
      const answer = await pRetry(() => this.#report(), {
        ...RETRIES,
        signal: this.#lease.signal,
        shouldRetry: ({ error }) => error instanceof ControlPlaneError && !error.isLost,
        onFailedAttempt: ({ error }) => this.#log.debug({ reason: error.message }, 'report not answered'),
      });
      if (answer === 'superseded') continue;
      if (answer === 'final') return;
      this.#lease.renew(answer.lease_seconds);
      if (answer.directive === 'abort') this.#performance.abort();
      if (answer.directive === 'drain') this.#drain();
      if (answer.waited && answer.directive === 'continue') continue;
      await pause(DRAINING_INTERVAL_MS, this.#news.signal, this.#lease.signal);
    }
  }

  /** One report, of how things stand now. News ends its wait: there is something newer to report. */
  async #report() {
    const news = this.#news.read();
    const { controlPlane, assignment } = this.#options;
    const isFinal = this.#end !== null;
    const report = this.#current();
    const signals = isFinal ? [this.#lease.signal] : [this.#lease.signal, news];
    try {
      const answer = await controlPlane.report(assignment.session.id, report, {
        signals,
        // Early enough for another attempt before the lease is over.
        patienceMs: (assignment.lease_seconds * 1000) / 3,
      });
      return isFinal ? 'final' : { ...answer, waited: report.wait_seconds !== undefined };
    } catch (error) {
      if (isFinal && error instanceof ControlPlaneError && error.isLost) return 'final';
      if (news.aborted && !isFinal && !this.#lease.signal.aborted) return 'superseded';
      throw error;
    }
  }

  #portrait(): Promise<Uint8Array | null> {
    const { controlPlane, assignment } = this.#options;
    return pRetry(() => controlPlane.portrait(assignment.session.id, assignment.fence, this.#lease.signal), {
      ...RETRIES,
      signal: this.#lease.signal,
      shouldRetry: ({ error }) => error instanceof ControlPlaneError && error.isUnavailable,
    });
  }

  #current(): Report {
    const { fence, report_interval_seconds: interval } = this.#options.assignment;
    const progress = this.#performance.progress();
    const report = reportOf({
      fence,
      progress,
      draining: this.#draining,
      end: this.#end,
      serverAheadMs: this.#serverAheadMs,
    });
    const isUnderway = report.state === 'starting' || report.state === 'running';
    return isUnderway ? { ...report, wait_seconds: Math.min(interval, LONGEST_WAIT_SECONDS) } : report;
  }

  async #beCutOff(): Promise<void> {
    this.#lease.suspend();
    for (;;) {
      const news = this.#news.read();
      if (this.#performance.progress().cutOff !== true) return;
      await pause(UNTIL_NEWS_MS, news, this.#lease.signal);
      this.#lease.signal.throwIfAborted();
    }
  }

  #drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    this.#performance.drain();
  }

  #logEnd(): void {
    const { frames, mediaMs } = this.#performance.progress();
    this.#log.info({ ...this.#end?.outcome, frames, media_ms: mediaMs }, 'performance over');
  }
}
