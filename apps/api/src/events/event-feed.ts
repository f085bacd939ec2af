import { eventTypeValues } from '@greenroom/contract';
import type { Database } from '@greenroom/database';
import pLimit from 'p-limit';
import type { Logger } from 'pino';

import { inBackground } from '../common/in-background.ts';
import type { Tenant } from '../common/tenant.ts';
import { schemaValidator } from '../contract/validator/schema-validator.ts';
import {
  findLatestPosition,
  listEventsAfter,
  type EventFilter,
  type EventRow,
  type Position,
} from './event-repository.ts';
import { eventResource } from './event-resource.ts';

/** An event in its sent form, made once for all readers. */
export interface FeedEvent extends Pick<EventRow, 'id' | 'sequence' | 'type' | 'sessionId'> {
  /** Null: it cannot be sent, because it does not match the document. Empty: this version does not know its type. */
  frame: string | null;
}

/** A reader of the events of a tenant. */
export interface FeedReader {
  /** Takes an event that has just been read. */
  offer(event: FeedEvent): void;
  /** Ends it, because the events that it has seen were lost. */
  end(): void;
}

/** The next events of a reader. */
export interface FeedBatch {
  events: readonly FeedEvent[];
  /** The position up to which these are all that it wants. Its id is null if that is not known. */
  end: Position;
}

const BATCH = 100;
/** A reader that falls behind holds a separate batch. */
const CATCH_UP_BATCH = 25;
/** Events of a feed that are kept in memory for readers that fall behind. */
const MAX_RECENT = 200;
const MAX_RECENT_CHARACTERS = 256 * 1024;
/** The same limit for all feeds of a process. */
const MAX_RECENT_CHARACTERS_OF_PROCESS = 16 * 1024 * 1024;
const RETRY_MS = 500;
/** Maximum number of events that one read scans for a reader of some types. */
const CATCH_UP_WINDOW = 10_000;
/** Reads of all feeds of a process at once, and as many for readers that fall behind. Connections remain for requests. */
const CONCURRENT_READS = 4;
const ALL: EventFilter = { types: null, sessionId: null };
const KNOWN_TYPES = new Set<string>(eventTypeValues);
const MISMATCH = 'event does not match the document; streams end before it';

const problemOf = schemaValidator('Event');

/** The state that the feeds of a process share. */
export class EventSource {
  readonly #limit = pLimit(CONCURRENT_READS);
  readonly #catchUpLimit = pLimit(CONCURRENT_READS);
  readonly #database: Database;
  /** The feed of each event that is kept, the oldest first. */
  readonly #kept = new Map<FeedEvent, EventFeed>();
  #keptCharacters = 0;
  readonly log: Logger;

  constructor(database: Database, log: Logger) {
    this.#database = database;
    this.log = log;
  }

  end(tenant: Tenant): Promise<Position> {
    return this.#limit(() => findLatestPosition(this.#database, tenant));
  }

  /** Returns new events, for all readers. */
  async read(tenant: Tenant, after: number): Promise<FeedEvent[]> {
    const range = { after, through: Number.MAX_SAFE_INTEGER, take: BATCH };
    const rows = await this.#limit(() => listEventsAfter(this.#database, tenant, ALL, range));
    return rows.map((row) => this.#feedEvent(row));
  }

  /** Returns events up to `end` for a reader that has fallen behind. */
  async catchUp(tenant: Tenant, filter: EventFilter, after: number, end: Position): Promise<FeedBatch> {
    const isScan = filter.types !== null && filter.sessionId === null;
    const through = isScan ? Math.min(end.sequence, after + CATCH_UP_WINDOW) : end.sequence;
    const range = { after, through, take: CATCH_UP_BATCH };
    const rows = await this.#catchUpLimit(() => listEventsAfter(this.#database, tenant, filter, range));
    const events = rows.map((row) => this.#feedEvent(row));
    const last = events.length === CATCH_UP_BATCH ? events.at(-1) : undefined;
    return { events, end: last ?? (through === end.sequence ? end : { sequence: through, id: null }) };
  }

  /** Keeps an event of a feed in memory, instead of the oldest ones of any feed if there is no space. */
  keep(event: FeedEvent, feed: EventFeed): void {
    this.#kept.set(event, feed);
    this.#keptCharacters += sizeOf(event);
    for (const oldest of this.#kept.values()) {
      if (this.#keptCharacters <= MAX_RECENT_CHARACTERS_OF_PROCESS) break;
      oldest.dropOldest();
    }
  }

  drop(event: FeedEvent): void {
    if (this.#kept.delete(event)) this.#keptCharacters -= sizeOf(event);
  }

  #feedEvent(row: EventRow): FeedEvent {
    const { id, sequence, type, sessionId } = row;
    return { id, sequence, type, sessionId, frame: this.#frameOf(row) };
  }

  #frameOf(row: EventRow): string | null {
    const { id, type, orgId } = row;
    if (!KNOWN_TYPES.has(type)) {
      this.log.warn({ event: id, type, org: orgId }, 'skipped an event of unknown type');
      return '';
    }
    try {
      const event = eventResource(row);
      const problem = problemOf(event);
      if (problem === null) return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(event)}\n\n`;
      this.log.error({ event: id, problem, org: orgId }, MISMATCH);
    } catch (error) {
      this.log.error({ event: id, err: error, org: orgId }, MISMATCH);
    }
    return null;
  }
}

/**
 * The events of a tenant, read once for all readers of this process that are up to date. Each wake-up reads the new
 * events. The latest ones stay in memory, from where a reader that fell behind for a moment continues.
 */
export class EventFeed {
  readonly tenant: Tenant;
  readonly #source: EventSource;
  readonly #readers = new Set<FeedReader>();
  #recent: FeedEvent[] = [];
  #recentCharacters = 0;
  /** The last event that was offered; null before the first reading. */
  #end: Position | null = null;
  #starting: Promise<void> | null = null;
  #isReading = false;
  #wasWoken = false;

  constructor(source: EventSource, tenant: Tenant) {
    this.#source = source;
    this.tenant = tenant;
  }

  /** The sequence up to which events were offered to readers. */
  get sequence(): number {
    return this.#end?.sequence ?? 0;
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
    while (this.#end === null && this.#readers.has(reader)) {
      await (this.#starting ??= this.#start().finally(() => {
        this.#starting = null;
      }));
    }
    if (this.#wasWoken) this.wake();
  }

  remove(reader: FeedReader): void {
    this.#readers.delete(reader);
  }

  /** Removes the oldest event from memory. */
  dropOldest(): void {
    const oldest = this.#recent.shift();
    if (oldest === undefined) return;
    this.#recentCharacters -= sizeOf(oldest);
    this.#source.drop(oldest);
  }

  /** Ends all readers. Each resumes after its last event, if that still exists. */
  endReaders(): void {
    for (const reader of [...this.#readers]) reader.end();
  }

  /** Removes all events from memory. */
  close(): void {
    while (this.#recent.length > 0) this.dropOldest();
  }

  /** Reads new events and offers them to the readers. */
  wake(): void {
    this.#wasWoken = true;
    if (this.#isReading || this.#end === null) return;
    inBackground(this.#readAll(), this.#source.log, 'events could not be read');
  }

  /** Returns the next events after a sequence: from memory where possible, otherwise those of a filter. */
  async after(sequence: number, filter: EventFilter): Promise<FeedBatch> {
    // Taken before the read, which finds all up to here.
    const end = this.#end ?? { sequence, id: null };
    const [oldest] = this.#recent;
    if (oldest !== undefined && oldest.sequence <= sequence + 1) {
      return { events: this.#recent.filter((event) => event.sequence > sequence), end };
    }
    const nothing = { events: [], end: { sequence, id: null } };
    if (sequence >= end.sequence) return nothing;
    return (await this.#retry(() => this.#source.catchUp(this.tenant, filter, sequence, end))) ?? nothing;
  }

  async #start(): Promise<void> {
    const end = await this.#retry(() => this.#source.end(this.tenant));
    if (end === null) return;
    this.#end = end;
    if (this.#wasWoken) this.wake();
  }

  /** Retries a read until the database is available again. Returns null when no reader is left. */
  async #retry<T>(read: () => Promise<T>): Promise<T | null> {
    while (!this.isEmpty) {
      try {
        return await read();
      } catch (error) {
        this.#source.log.warn({ err: error, org: this.tenant.orgId }, 'events could not be read');
        await pause();
      }
    }
    return null;
  }

  async #readAll(): Promise<void> {
    this.#isReading = true;
    while (this.#wasWoken && !this.isEmpty) {
      this.#wasWoken = false;
      const events = (await this.#retry(() => this.#source.read(this.tenant, this.sequence))) ?? [];
      for (const event of events) this.#offer(event);
      if (events.length === BATCH) this.#wasWoken = true;
    }
    this.#isReading = false;
  }

  #offer(event: FeedEvent): void {
    // The last reader has left in the meantime. The next one reads the event.
    if (this.isEmpty) {
      this.#wasWoken = true;
      return;
    }
    this.#end = event;
    this.#recent.push(event);
    this.#recentCharacters += sizeOf(event);
    this.#source.keep(event, this);
    while (this.#recent.length > MAX_RECENT || this.#recentCharacters > MAX_RECENT_CHARACTERS) {
      this.dropOldest();
    }
    for (const reader of this.#readers) reader.offer(event);
  }
}

function sizeOf({ frame }: FeedEvent): number {
  return frame?.length ?? 0;
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, RETRY_MS).unref();
  });
}
