import type { ServerResponse } from 'node:http';

import { operationTable } from '@greenroom/contract';
import type { Database } from '@greenroom/database';
import type { Logger } from 'pino';

import { inBackground } from '../common/in-background.ts';
import type { Tenant } from '../common/tenant.ts';
import { document } from '../document/document.ts';
import { ApiError } from '../errors/api-error.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { EventFeed, EventSource } from './event-feed.ts';
import { findLatestSequences, type EventFilter, type Position } from './event-repository.ts';
import { EventStream } from './event-stream.ts';

/** As the document states it. */
const MAX_STREAMS_PER_KEY = Number(
  document.paths[operationTable['events.stream'].path]?.get?.['x-max-streams-per-key'],
);
/** How often a stream shows that it is alive, and checks that its key still works. */
const HEARTBEAT_MS = 15_000;
/** Open streams of one process. Each takes some 30 KB and a socket. */
const MAX_STREAMS = 2_000;
/** The same limit for one organisation. */
const MAX_STREAMS_OF_ORG = MAX_STREAMS / 4;
/** Limits the delay of an event whose notification was lost. */
const POLL_INTERVAL_MS = 5_000;

/** The open event streams of a process. */
export class EventStreams {
  readonly #source: EventSource;
  readonly #database: Database;
  readonly #log: Logger;
  readonly #metrics: Metrics | null;
  readonly #feeds = new Map<string, EventFeed>();
  readonly #streams = new Set<EventStream>();
  readonly #byKey = new Counts();
  readonly #byOrg = new Counts();
  #reserved = 0;
  #poll: NodeJS.Timeout | undefined;
  #isPolling = false;
  #isClosed = false;

  readonly #heartbeatMs: number;

  constructor(
    database: Database,
    log: Logger,
    { heartbeatMs = HEARTBEAT_MS, metrics = null }: { heartbeatMs?: number; metrics?: Metrics | null } = {},
  ) {
    this.#database = database;
    this.#metrics = metrics;
    this.#heartbeatMs = heartbeatMs;
    this.#source = new EventSource(database, log);
    this.#log = log;
  }

  get size(): number {
    return this.#streams.size;
  }

  /**
   * Reserves a stream for a key of an organisation. Returns the function that releases it.
   *
   * @throws {ApiError} 429 when the key has too many streams; 503 when its organisation or the process has
   */
  reserve({ keyId, orgId }: { keyId: string; orgId: string }): () => void {
    const active = this.#byKey.get(keyId);
    if (active >= MAX_STREAMS_PER_KEY) {
      const values = { active, limit: MAX_STREAMS_PER_KEY };
      throw new ApiError('concurrent_streams', { values, headers: { 'Retry-After': '5' } });
    }
    if (this.#reserved >= MAX_STREAMS || this.#byOrg.get(orgId) >= MAX_STREAMS_OF_ORG) {
      throw new ApiError('at_capacity', { situation: 'server', values: { seconds: 1 } });
    }
    this.#byKey.add(keyId, 1);
    this.#byOrg.add(orgId, 1);
    this.#reserved += 1;
    return () => {
      this.#reserved -= 1;
      this.#byKey.add(keyId, -1);
      this.#byOrg.add(orgId, -1);
    };
  }

  /** Writes the events of a tenant to a response until it is over. */
  async serve(
    response: ServerResponse,
    tenant: Tenant,
    options: { from: Position; filter: EventFilter; isAllowed: () => Promise<boolean> },
  ): Promise<void> {
    const name = nameOf(tenant);
    const feed = this.#feeds.get(name) ?? new EventFeed(this.#source, tenant);
    this.#feeds.set(name, feed);
    const stream = new EventStream({
      ...options,
      response,
      feed,
      heartbeatMs: this.#heartbeatMs,
      metrics: this.#metrics,
      log: this.#log,
    });
    this.#streams.add(stream);
    this.#metrics?.streamOpened();
    this.#startPolling();
    // The process began to drain after it had accepted the request.
    if (this.#isClosed) stream.drain();
    try {
      await stream.run();
    } finally {
      this.#streams.delete(stream);
      this.#metrics?.streamClosed();
      if (feed.isEmpty) {
        feed.close();
        if (this.#feeds.get(name) === feed) this.#feeds.delete(name);
      }
      if (this.#streams.size === 0) this.#stopPolling();
    }
  }

  /** Reads new events of a tenant, named as in a notification. */
  notify(tenant: string): void {
    this.#feeds.get(tenant)?.wake();
  }

  /** Reads new events of all tenants. Call when notifications may have been missed. */
  wakeAll(): void {
    for (const feed of this.#feeds.values()) feed.wake();
  }

  close(): void {
    this.#isClosed = true;
    for (const stream of this.#streams) stream.drain();
  }

  #startPolling(): void {
    this.#poll ??= setInterval(() => {
      inBackground(this.#pollOnce(), this.#log, 'event feeds could not be polled');
    }, POLL_INTERVAL_MS).unref();
  }

  #stopPolling(): void {
    clearInterval(this.#poll);
    this.#poll = undefined;
  }

  /** Wakes the feeds whose tenants have newer events. One statement for all feeds. */
  async #pollOnce(): Promise<void> {
    if (this.#isPolling) return;
    this.#isPolling = true;
    try {
      const orgIds = new Set([...this.#feeds.values()].map(({ tenant }) => tenant.orgId));
      const seen = new Map([...this.#feeds.values()].map((feed) => [feed, feed.sequence]));
      for (const { sequence, ...tenant } of await findLatestSequences(this.#database, [...orgIds])) {
        const feed = this.#feeds.get(nameOf(tenant));
        if (feed === undefined) continue;
        if (feed.sequence < sequence) feed.wake();
        // A failover or a restored backup lost events that were sent. Their numbers are assigned again.
        else if (sequence < (seen.get(feed) ?? 0)) feed.endReaders();
      }
    } finally {
      this.#isPolling = false;
    }
  }
}

/** Counts by name. Counts of zero take no memory. */
class Counts {
  readonly #counts = new Map<string, number>();

  get(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  add(name: string, difference: number): void {
    const count = this.get(name) + difference;
    if (count === 0) this.#counts.delete(name);
    else this.#counts.set(name, count);
  }
}

function nameOf({ orgId, mode }: Tenant): string {
  return `${orgId} ${mode}`;
}
