import type { Tracing } from '@greenroom/tracing';
import pRetry from 'p-retry';
import type { Logger } from 'pino';

import { ControlPlaneError, requestIdOf } from '../control-plane/control-plane-error.ts';
import type { ControlPlane } from '../control-plane/control-plane.ts';
import type { Assignment, Outcome, Performance, Runtime } from '../runtime.ts';
import { ChangeSignal } from './change-signal.ts';
import { delay } from './delay.ts';
import { Lease } from './lease.ts';
import { reportOf, type Report } from './report.ts';
import { SessionTrace } from './session-trace.ts';
import { startPerformance } from './start-performance.ts';

export interface AssignmentRunnerOptions {
  assignment: Assignment;
  /** The id of the request that claimed it. */
  claimId: string;
  runtime: Runtime;
  controlPlane: ControlPlane;
  /** Null disables tracing. */
  tracing: Tracing | null;
  log: Logger;
}

/** The document's maximum for `wait_seconds`. */
const MAX_WAIT_SECONDS = 30;
/** While draining, reports do not wait: the performance ends soon, and the server has few directives left to send. */
const DRAINING_INTERVAL_MS = 1_000;
const RETRIES = { retries: Infinity, minTimeout: 100, maxTimeout: 1_000, randomize: true };
/** The longest delay that `setTimeout` accepts. */
const MAX_DELAY_MS = 2 ** 31 - 1;
/** A smaller difference is the latency of the response, not a difference of the clocks. */
const MIN_CLOCK_DIFFERENCE_MS = 1_000;

/** Ends the lease of a session that the worker releases, so that another worker can claim it. */
class AssignmentReleasedError extends Error {
  override readonly name = 'AssignmentReleasedError';
}

/** Ends the lease of a session that has ended. */
class AssignmentEndedError extends Error {
  override readonly name = 'AssignmentEndedError';
}

/** Runs one assignment: reports to the server, follows its directives, and leaves the room when the lease ends. */
export class AssignmentRunner {
  /** Resolves when the room has been left and nothing is left to report. Never rejects. */
  readonly done: Promise<void>;
  readonly #options: AssignmentRunnerOptions;
  readonly #log: Logger;
  readonly #lease: Lease;
  readonly #trace: SessionTrace | null;
  readonly #changes = new ChangeSignal();
  readonly #performance: Performance;
  readonly #serverAheadMs: number;
  #draining = false;
  #crash: Outcome | null = null;
  #end: { outcome: Outcome; at: Date } | null = null;

  constructor(options: AssignmentRunnerOptions) {
    const { assignment, claimId, runtime, tracing, log } = options;
    this.#options = options;
    this.#trace = tracing && new SessionTrace(tracing, assignment);
    this.#log = log.child({
      session: assignment.session.id,
      fence: assignment.fence,
      // The id of the request that created the session, so that one search finds it in both logs.
      ...(assignment.created_by_request && { request_id: assignment.created_by_request }),
      claim_request_id: claimId,
      ...(this.#trace && { trace_id: this.#trace.traceId }),
    });
    this.#lease = new Lease(assignment.lease_seconds);
    const aheadMs = Date.parse(assignment.assigned_at) - Date.now();
    // NaN when the server is older than this worker and does not send `assigned_at`.
    this.#serverAheadMs = Math.abs(aheadMs) >= MIN_CLOCK_DIFFERENCE_MS ? aheadMs : 0;
    this.#performance = startPerformance(
      runtime,
      assignment,
      () => this.#fetchPortrait(),
      () => {
        this.#trace?.progressed(this.#performance.progress());
        this.#changes.notify();
      },
    );
    const ended = this.#performance.outcome.then((outcome) => {
      this.#end = { outcome: this.#crash ?? outcome, at: new Date() };
      this.#trace?.left(this.#performance.progress(), this.#end.outcome, this.#end.at);
      this.#changes.notify();
    });
    this.done = this.#run(ended);
  }

  /**
   * Drains a session whose first frame was published, or whose client has the address of this worker, and releases any other.
   * Call it when the worker stops.
   */
  stop(): void {
    const isBound = this.#options.assignment.media_token !== null;
    if (!isBound && this.#performance.progress().firstFrameAt === null) {
      this.#lease.end(new AssignmentReleasedError());
    } else {
      this.#drain();
      this.#changes.notify();
    }
  }

  /** Leaves the room at once and reports the failure `worker.crashed`. */
  crash(message: string): void {
    this.#crash = { state: 'failed', failure: { code: 'worker.crashed', message } };
    this.#performance.abort();
  }

  /** Leaves the room at once and reports the outcome. */
  abort(): void {
    this.#abort();
  }

  async #run(ended: Promise<void>): Promise<void> {
    this.#log.info('session started');
    const result = await this.#perform();
    this.#lease.suspend();
    await ended;
    // Ends remaining work on the session, such as attempts to fetch its portrait.
    this.#lease.end(new AssignmentEndedError());
    this.#trace?.end(result);
  }

  async #perform(): Promise<'ended' | 'released' | 'lost'> {
    try {
      await this.#reportUntilEnd();
      this.#logEnd();
      return 'ended';
    } catch (error) {
      // The session no longer belongs to this worker, so report nothing more.
      this.#performance.abort();
      if (error instanceof AssignmentReleasedError) {
        this.#log.info('assignment released');
        return 'released';
      }
      this.#log.warn({ call_request_id: requestIdOf(error), reason: String(error) }, 'assignment lost');
      return 'lost';
    }
  }

  async #reportUntilEnd(): Promise<void> {
    for (;;) {
      if (this.#performance.progress().cutOff === true) await this.#waitWhileCutOff();
      const response = await pRetry(() => this.#report(), {
        ...RETRIES,
        signal: this.#lease.signal,
        shouldRetry: ({ error }) => error instanceof ControlPlaneError && !error.isLost,
        onFailedAttempt: ({ error }) => {
          const fields = { call_request_id: requestIdOf(error), reason: error.message };
          this.#log.debug(fields, 'report failed');
        },
      });
      if (response === 'superseded') continue;
      if (response === 'final') return;
      this.#lease.renew(response.lease_seconds);
      if (response.directive === 'abort') this.#abort();
      if (response.directive === 'drain') this.#drain();
      if (response.waited && response.directive === 'continue') continue;
      await delay(DRAINING_INTERVAL_MS, this.#changes.signal, this.#lease.signal);
    }
  }

  /** Sends one report of the current progress. A change supersedes a report that is still waiting. */
  async #report() {
    const changed = this.#changes.consume();
    const { controlPlane, assignment } = this.#options;
    const isFinal = this.#end !== null;
    const report = this.#currentReport();
    const signals = isFinal ? [this.#lease.signal] : [this.#lease.signal, changed];
    try {
      const send = (traceparent?: string) =>
        controlPlane.report(assignment.session.id, report, {
          signals,
          // Leaves time for another attempt before the lease expires.
          timeoutMs: (assignment.lease_seconds * 1000) / 3,
          traceparent,
        });
      const response = await (this.#trace === null ? send() : this.#trace.report(report, send));
      return isFinal ? 'final' : { ...response, waited: report.wait_seconds !== undefined };
    } catch (error) {
      if (isFinal && error instanceof ControlPlaneError && error.isLost) return 'final';
      if (changed.aborted && !isFinal && !this.#lease.signal.aborted) return 'superseded';
      throw error;
    }
  }

  #fetchPortrait(): Promise<Uint8Array | null> {
    const { controlPlane, assignment } = this.#options;
    const { session, fence } = assignment;
    const fetch = (traceparent?: string) =>
      controlPlane.portrait(session.id, fence, { signals: [this.#lease.signal], traceparent });
    const trace = this.#trace;
    return pRetry(() => (trace === null ? fetch() : trace.call('assignments.portrait', fetch)), {
      ...RETRIES,
      signal: this.#lease.signal,
      shouldRetry: ({ error }) => error instanceof ControlPlaneError && error.isUnavailable,
    });
  }

  #currentReport(): Report {
    const { fence, report_interval_seconds: interval } = this.#options.assignment;
    const progress = this.#performance.progress();
    const report = reportOf({
      fence,
      progress,
      draining: this.#draining,
      end: this.#end,
      serverAheadMs: this.#serverAheadMs,
    });
    const isLive = report.state === 'starting' || report.state === 'running';
    return isLive ? { ...report, wait_seconds: Math.min(interval, MAX_WAIT_SECONDS) } : report;
  }

  async #waitWhileCutOff(): Promise<void> {
    this.#lease.suspend();
    for (;;) {
      const changed = this.#changes.consume();
      if (this.#performance.progress().cutOff !== true) return;
      await delay(MAX_DELAY_MS, changed, this.#lease.signal);
      this.#lease.signal.throwIfAborted();
    }
  }

  #drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    this.#trace?.leaves();
    this.#performance.drain();
  }

  #abort(): void {
    this.#trace?.leaves();
    this.#performance.abort();
  }

  #logEnd(): void {
    const { frames, mediaMs } = this.#performance.progress();
    this.#log.info({ ...this.#end?.outcome, frames, media_ms: mediaMs }, 'session ended');
  }
}
