import type { Database } from '@greenroom/database';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import { currentTimeMs } from '../common/clock.ts';
import { createdAt } from '../common/ids.ts';
import { registerSessionGauges } from './session-gauges.ts';
import { registerWebhookGauges } from './webhook-gauges.ts';

/** A request that ended. */
export interface EndedRequest {
  /** An operation of the document; null for another path. */
  operation: string | null;
  /** Null when the client disconnected before the response was complete. */
  status: number | null;
  /** The code of the error that was sent; null without one. */
  code: string | null;
  seconds: number;
}

/** An attempt to deliver a webhook that ended. */
export interface EndedAttempt {
  /** Why it failed; null for a success. */
  error: string | null;
  seconds: number;
}

/** Long polls last up to 30 s. */
const REQUEST_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const CLAIM_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120];
/** An attempt takes 16 s at most. */
const ATTEMPT_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 16];
/** Gauges of Node whose names are those of counters. `nodejs_active_resources` has the same values by type. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** The metrics of one process, named by the conventions of Prometheus. No label has a value that a caller can choose. */
export class Metrics {
  readonly #register = new Registry();
  readonly #shared = { registers: [this.#register] };
  readonly #requests = new Counter({
    ...this.#shared,
    name: 'greenroom_http_requests_total',
    help: 'Requests by operation, status and error code.',
    labelNames: ['operation', 'status', 'code'],
  });
  readonly #durations = new Histogram({
    ...this.#shared,
    name: 'greenroom_http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its response, with the wait of a long poll.',
    labelNames: ['operation'],
    buckets: REQUEST_BUCKETS,
  });
  readonly #claimWaits = new Histogram({
    ...this.#shared,
    name: 'greenroom_claim_wait_seconds',
    help: 'Time from the creation of a session to its first claim by a worker.',
    buckets: CLAIM_BUCKETS,
  });
  readonly #leasesLost = new Counter({
    ...this.#shared,
    name: 'greenroom_leases_lost_total',
    help: 'Sessions that were taken from a worker because it stopped reporting.',
  });

  readonly #attempts = new Counter({
    ...this.#shared,
    name: 'greenroom_webhook_attempts_total',
    help: 'Attempts to deliver a webhook, by outcome.',
    labelNames: ['outcome'],
  });
  readonly #attemptDurations = new Histogram({
    ...this.#shared,
    name: 'greenroom_webhook_attempt_duration_seconds',
    help: 'Time from the beginning of an attempt to deliver a webhook to the response or the failure.',
    buckets: ATTEMPT_BUCKETS,
  });
  readonly #streams = new Gauge({
    ...this.#shared,
    name: 'greenroom_event_streams',
    help: 'Open event streams of this process.',
  });
  readonly #streamEvents = new Counter({
    ...this.#shared,
    name: 'greenroom_event_stream_events_total',
    help: 'Events that were written to event streams.',
  });
  readonly #streamsCut = new Counter({
    ...this.#shared,
    name: 'greenroom_event_streams_cut_total',
    help: 'Event streams that were cut off because their readers were too slow.',
  });

  constructor(database: Database) {
    this.#attempts.inc({ outcome: 'success' }, 0);
    // Registered in the order of a scrape: the query of the sessions must not count as one that waits for a connection.
    this.#registerPool(database);
    registerSessionGauges(this.#register, database);
    registerWebhookGauges(this.#register, database);
    collectDefaultMetrics({ register: this.#register });
    for (const name of MISNAMED) this.#register.removeSingleMetric(name);
  }

  /** The media type of the text. */
  get contentType(): string {
    return this.#register.contentType;
  }

  /** Returns all metrics in the text format of Prometheus. */
  text(): Promise<string> {
    return this.#register.metrics();
  }

  requestEnded({ operation, status, code, seconds }: EndedRequest): void {
    const labels = { operation: operation ?? 'none' };
    this.#requests.inc({ ...labels, status: status ?? 'aborted', code: code ?? 'none' });
    this.#durations.observe(labels, seconds);
  }

  /** Counts the wait of a session only once: the fence of its first claim is 1. */
  sessionClaimed({ id, fence }: { id: string; fence: number }): void {
    if (fence !== 1) return;
    this.#claimWaits.observe(Math.max(0, currentTimeMs() - createdAt(id).getTime()) / 1000);
  }

  leaseLost(): void {
    this.#leasesLost.inc();
  }

  webhookAttempted({ error, seconds }: EndedAttempt): void {
    this.#attempts.inc({ outcome: error ?? 'success' });
    this.#attemptDurations.observe(seconds);
  }

  streamOpened(): void {
    this.#streams.inc();
  }

  streamClosed(): void {
    this.#streams.dec();
  }

  streamEventSent(): void {
    this.#streamEvents.inc();
  }

  streamCut(): void {
    this.#streamsCut.inc();
  }

  #registerPool({ pool }: Database): void {
    new Gauge({
      ...this.#shared,
      name: 'greenroom_database_connections',
      help: 'Open connections of the pool that serves requests.',
      labelNames: ['state'],
      collect() {
        this.set({ state: 'idle' }, pool.idleCount);
        this.set({ state: 'used' }, pool.totalCount - pool.idleCount);
      },
    });
    new Gauge({
      ...this.#shared,
      name: 'greenroom_database_connections_max',
      help: 'Connections that the pool may open.',
      collect() {
        this.set(pool.options.max);
      },
    });
    new Gauge({
      ...this.#shared,
      name: 'greenroom_database_connections_waiting',
      help: 'Statements and transactions that wait for a connection of the pool.',
      collect() {
        this.set(pool.waitingCount);
      },
    });
  }
}
