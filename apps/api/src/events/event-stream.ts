import type { ServerResponse } from 'node:http';

import type { Logger } from 'pino';

import { inBackground } from '../common/in-background.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { EventFeed, FeedEvent, FeedReader } from './event-feed.ts';
import { lowestKeptId, type EventFilter, type Position } from './event-repository.ts';

/** The position before the oldest event that is kept, as an id to resume after. */
export const FIRST_POSITION = 'evt_00000000000000000000000000';

/** The delay before a reader reconnects after an unexpected end. */
const RETRY_MS = 1_000;
/** Longer, because an event that cannot be sent stays so until the server is upgraded. */
const UNSENDABLE_RETRY_MS = 30_000;
/** Spreads the reconnections of readers after the end of a process. */
const MAX_DRAIN_RETRY_MS = 2_000;

export interface EventStreamOptions {
  response: ServerResponse;
  feed: EventFeed;
  from: Position;
  filter: EventFilter;
  /** Whether the key that opened the stream still works. */
  isAllowed: () => Promise<boolean>;
  heartbeatMs: number;
  metrics: Metrics | null;
  log: Logger;
}

/**
 * One open stream. Writes only while the client reads: when its buffer is full, the stream waits, and continues from
 * the feed when the client has read it. So it holds no more than one small batch of events. `OpenResponses` cuts off a
 * client that reads too slowly.
 */
export class EventStream implements FeedReader {
  readonly #response: ServerResponse;
  readonly #feed: EventFeed;
  readonly #filter: EventFilter;
  readonly #isAllowed: EventStreamOptions['isAllowed'];
  readonly #heartbeatMs: number;
  readonly #metrics: Metrics | null;
  readonly #log: Logger;
  #position: Position;
  /** Whether it has sent all events that the feed has offered, and takes the next ones as they are offered. */
  #isLive = false;
  /** Ends the wait of `run`. */
  #resume: (() => void) | null = null;
  readonly #over = new AbortController();

  constructor({ response, feed, from, filter, isAllowed, heartbeatMs, metrics, log }: EventStreamOptions) {
    this.#response = response;
    this.#feed = feed;
    this.#position = from;
    this.#filter = filter;
    this.#isAllowed = isAllowed;
    this.#heartbeatMs = heartbeatMs;
    this.#metrics = metrics;
    this.#log = log;
  }

  /** Resolves when the stream is over. */
  async run(): Promise<void> {
    // The client is already gone, or wants only the headers.
    if (this.#hasEnded() || this.#response.closed || this.#response.writableEnded) return;
    this.#response.once('close', () => {
      this.#finish();
    });
    this.#response.on('drain', () => this.#resume?.());
    const heartbeat = setInterval(() => {
      inBackground(this.#sendHeartbeat(), this.#log, 'event stream heartbeat failed');
    }, this.#heartbeatMs).unref();
    try {
      this.#response.write(`${retryAfter(RETRY_MS)}${this.#heartbeatFrame()}`);
      await this.#feed.add(this);
      while (!this.#hasEnded()) await this.#catchUp();
    } finally {
      clearInterval(heartbeat);
      this.#feed.remove(this);
    }
  }

  /** A function, because it changes during each wait. */
  #hasEnded(): boolean {
    return this.#over.signal.aborted;
  }

  offer(event: FeedEvent): void {
    if (!this.#isLive || event.sequence <= this.#position.sequence) return;
    this.#take(event);
    if (!this.#response.writableNeedDrain) return;
    this.#isLive = false;
    this.#resume?.();
  }

  /** Ends the stream after what was sent. */
  end(): void {
    this.#finish();
    this.#response.end();
  }

  /** Ends the stream, and spreads the reconnections of readers. */
  drain(): void {
    if (!this.#hasEnded() && !this.#response.writableEnded) {
      this.#response.write(`retry: ${Math.ceil(Math.random() * MAX_DRAIN_RETRY_MS)}\n\n`);
    }
    this.end();
  }

  /** Sends the events that the feed has offered before, then waits until the client falls behind. */
  async #catchUp(): Promise<void> {
    if (this.#mustWait()) return this.#wait();
    const { events, end } = await this.#feed.after(this.#position.sequence, this.#filter);
    for (const event of events) {
      if (this.#mustWait()) await this.#wait();
      if (this.#hasEnded()) return;
      this.#take(event);
    }
    // The events in between do not match the filter, or were deleted.
    if (this.#position.sequence < end.sequence) {
      this.#position = { sequence: end.sequence, id: end.id ?? this.#position.id };
    }
    // The feed may have offered more in the meantime.
    if (this.#hasEnded() || this.#position.sequence < this.#feed.sequence) return;
    this.#isLive = true;
    await this.#wait();
    this.#isLive = false;
  }

  /** Whether the buffer is full. */
  #mustWait(): boolean {
    return this.#response.writableNeedDrain;
  }

  /** Waits until the client has read what was sent, falls behind or is gone. */
  async #wait(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#resume = resolve;
    });
    this.#resume = null;
  }

  #take(event: FeedEvent): void {
    if (this.#hasEnded()) return;
    if (this.#wants(event)) {
      // A reader never skips an event, so it ends at one that cannot be sent.
      if (event.frame === null) {
        this.#response.write(`${retryAfter(UNSENDABLE_RETRY_MS)}\n`);
        this.end();
        return;
      }
      if (event.frame !== '') {
        this.#response.write(event.frame);
        this.#metrics?.streamEventSent();
      }
    }
    this.#position = event;
  }

  #wants({ type, sessionId }: FeedEvent): boolean {
    const { types, sessionId: wanted } = this.#filter;
    return (types === null || types.includes(type)) && (wanted === null || sessionId === wanted);
  }

  #finish(): void {
    this.#over.abort();
    this.#isLive = false;
    this.#feed.remove(this);
    this.#resume?.();
  }

  async #sendHeartbeat(): Promise<void> {
    // An unavailable database revokes no key.
    const isAllowed = await this.#isAllowed().catch(() => true);
    if (this.#hasEnded()) return;
    if (!isAllowed) this.end();
    else if (!this.#response.writableNeedDrain) this.#response.write(this.#heartbeatFrame());
  }

  /**
   * Returns a comment and an id without an event, from which a reader resumes that has seen no event for long. The
   * comment repeats the id for parsers that report ids only with events.
   */
  #heartbeatFrame(): string {
    const { id } = this.#position;
    const position = id === null || id < lowestKeptId() ? FIRST_POSITION : id;
    return `: ${position}\nid: ${position}\n\n`;
  }
}

/** Returns the field that makes a reader connect again after a random time between half and one and a half times `ms`. */
function retryAfter(ms: number): string {
  return `retry: ${Math.round(ms * (0.5 + Math.random()))}\n`;
}
