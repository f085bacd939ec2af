import type { Database } from '@greenroom/database';
import pLimit from 'p-limit';
import type { Logger } from 'pino';

import { inBackground } from '../common/in-background.ts';
import type { Tenant } from '../common/tenant.ts';
import { schemaValidator } from '../contract/validator/schema-validator.ts';
import { findEnd, listEventsAfter, type EventRow } from './event-repository.ts';
import { eventResource } from './event-resource.ts';

/** An event as it is sent, once for all readers. */
export interface FeedEvent extends Pick<EventRow, 'id' | 'sequence' | 'type' | 'sessionId'> {
  frame: string;
}

/** A reader of the events of a tenant. */
export interface FeedReader {
  /** Takes an event that has just been read. */
  offer(event: FeedEvent): void;
  /** Ends, because the events cannot be sent. */
  fail(): void;
}

const BATCH = 100;
/** A reader that falls behind holds a separate batch. */
const CATCH_UP_BATCH = 25;
/** Events that are kept in memory for readers that fall behind. */
const MAX_RECENT = 200;
const MAX_RECENT_CHARACTERS = 256 * 1024;
const RETRY_MS = 500;
/** Reads of all feeds of a process at once. Connections remain for requests. */
const CONCURRENT_READS = 4;

const problemOf = schemaValidator('Event');

/** What the feeds of a process share. */
export class EventSource {
  readonly #limit = pLimit(CONCURRENT_READS);
  readonly #database: Database;
  readonly log: Logger;

  constructor(database: Database, log: Logger) {
    this.#database = database;
    this.log = log;
  }

  end(tenant: Tenant): Promise<number> {
    return this.#limit(async () => (await findEnd(this.#database, tenant)).sequence);
  }

  /** @throws {Error} if an event is not as the document says */
  async read(tenant: Tenant, after: number, take: number): Promise<FeedEvent[]> {
    const rows = await this.#limit(() => listEventsAfter(this.#database, tenant, after, take));
    return rows.map(feedEvent);
  }
}

function feedEvent(row: EventRow): FeedEvent {
  const { id, sequence, type, sessionId } = row;
  const event = eventResource(row);
  const problem = problemOf(event);
  if (problem !== null) throw new InvalidEventError(`Event ${id} is not as the document says: ${problem}`);
  return {
    id,
    sequence,
    type,
    sessionId,
    frame: `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(event)}\n\n`,
  };
}

class InvalidEventError extends Error {}

/**
 * The events of a tenant, read once for all readers of this process that have seen all before, however many they are.
 * Each wake-up reads what is new. The latest events stay in memory, from where a reader that fell behind for a moment
 * continues.
 */
export class EventFeed {
  readonly tenant: Tenant;
  readonly #source: EventSource;
  readonly #readers = new Set<FeedReader>();
  #recent: FeedEvent[] = [];
  #recentCharacters = 0;
  /** The sequence of the last event that was offered; null before the first reading. */
  #sequence: number | null = null;
  #starting: Promise<void> | null = null;
  #isReading = false;
  #wasWoken = false;

  constructor(source: EventSource, tenant: Tenant) {
    this.#source = source;
    this.tenant = tenant;
  }

  /** The sequence up to which events were offered to readers. */
  get sequence(): number {
    return this.#sequence ?? 0;
  }

  get isEmpty(): boolean {
    return this.#readers.size === 0;
  }

  /**
   * Adds a reader. Resolves when the feed reads new events: from then on it offers the reader every event that follows
   * its `sequence`.
   */
  async add(reader: FeedReader): Promise<void> {
    this.#readers.add(reader);
    while (this.#sequence === null && this.#readers.has(reader)) {
      await (this.#starting ??= this.#start().finally(() => {
        this.#starting = null;
      }));
    }
  }

  remove(reader: FeedReader): void {
    this.#readers.delete(reader);
  }

  /** Reads new events and offers them to the readers. */
  wake(): void {
    this.#wasWoken = true;
    if (this.#isReading || this.#sequence === null) return;
    inBackground(this.#readAll(), this.#source.log, 'events could not be read');
  }

  /** Returns the next events after a sequence, from memory where possible. */
  async after(sequence: number): Promise<readonly FeedEvent[]> {
    const [oldest] = this.#recent;
    if (oldest !== undefined && oldest.sequence <= sequence + 1) {
      return this.#recent.filter((event) => event.sequence > sequence);
    }
    if (sequence >= this.sequence) return [];
    return (await this.#repeated(() => this.#source.read(this.tenant, sequence, CATCH_UP_BATCH))) ?? [];
  }

  async #start(): Promise<void> {
    const end = await this.#repeated(() => this.#source.end(this.tenant));
    if (end === null) return;
    this.#sequence = end;
    if (this.#wasWoken) this.wake();
  }

  /** Repeats reading until the database is available again. Returns null when there is no reader any more. */
  async #repeated<T>(read: () => Promise<T>): Promise<T | null> {
    while (!this.isEmpty) {
      try {
        return await read();
      } catch (error) {
        this.#report(error);
        await pause();
      }
    }
    return null;
  }

  async #readAll(): Promise<void> {
    this.#isReading = true;
    while (this.#wasWoken && !this.isEmpty) {
      this.#wasWoken = false;
      const events = (await this.#repeated(() => this.#source.read(this.tenant, this.sequence, BATCH))) ?? [];
      for (const event of events) this.#offer(event);
      if (events.length === BATCH) this.#wasWoken = true;
    }
    this.#isReading = false;
  }

  #offer(event: FeedEvent): void {
    this.#sequence = event.sequence;
    this.#recent.push(event);
    this.#recentCharacters += event.frame.length;
    while (this.#recent.length > MAX_RECENT || this.#recentCharacters > MAX_RECENT_CHARACTERS) {
      this.#recentCharacters -= this.#recent.shift()?.frame.length ?? 0;
    }
    for (const reader of this.#readers) reader.offer(event);
  }

  /** A reader never skips an event, so it ends at one that breaks the document. */
  #report(error: unknown): void {
    this.#source.log.warn({ err: error, org: this.tenant.orgId }, 'events could not be read');
    if (!(error instanceof InvalidEventError)) return;
    for (const reader of this.#readers) reader.fail();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, RETRY_MS).unref();
  });
}
