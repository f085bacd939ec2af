import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import type { Database } from '@greenroom/database';
import type { Logger } from 'pino';

import { sendNotifications } from '../common/notification-repository.ts';
import { GRANT_CHANNEL } from './process-repository.ts';
import type { Caller, Consumption } from './rate-limiter.ts';

/** Collects consumption for this long, so that one statement sends many entries. */
const COLLECT_MS = 20;
/** The entries in one notification, which PostgreSQL limits to 8000 bytes. */
const ENTRIES_PER_MESSAGE = 50;

interface Dependencies {
  database: Database;
  log: Logger;
  /** Whether other processes serve the same database. */
  hasPeers: () => boolean;
  /** Called with requests that another process allowed. */
  charge: (consumption: Consumption) => void;
}

type Entry = [Caller['kind'], string, Consumption['policy'], number];

interface Message {
  from: string;
  grants: Entry[];
}

/**
 * Shares the requests that this process allowed with the other API processes, in batched notifications. A lost
 * notification, such as during a database outage, is not charged elsewhere.
 */
export class RateLimitSync {
  readonly #deps: Dependencies;
  readonly #id = randomUUID();
  #collected: Consumption[] = [];
  #sending: Promise<void> | null = null;

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
  }

  /** Queues a consumption to be sent within `COLLECT_MS`. */
  share(consumption: Consumption): void {
    if (!this.#deps.hasPeers()) return;
    this.#collected.push(consumption);
    this.#sending ??= this.#send();
  }

  /** Takes a notification of any process. */
  receive(text: string): void {
    try {
      const { from, grants } = JSON.parse(text) as Message;
      if (from === this.#id) return;
      for (const [kind, id, policy, requests] of grants) {
        this.#deps.charge({ caller: { kind, id }, policy, requests });
      }
    } catch (error) {
      // From another version, or another program.
      this.#deps.log.warn({ err: error }, 'ignored a malformed rate-limit notification');
    }
  }

  /** Resolves when everything was sent. */
  async stop(): Promise<void> {
    await this.#sending;
  }

  async #send(): Promise<void> {
    const { database, log } = this.#deps;
    while (this.#collected.length > 0) {
      await delay(COLLECT_MS);
      const consumption = this.#collected;
      this.#collected = [];
      try {
        const messages = messagesOf(consumption, this.#id);
        await sendNotifications(
          database,
          messages.map((message) => ({ channel: GRANT_CHANNEL, message })),
        );
      } catch (error) {
        log.warn({ err: error }, 'could not share rate-limit usage; limits may be exceeded across processes');
      }
    }
    this.#sending = null;
  }
}

function messagesOf(consumption: readonly Consumption[], from: string): string[] {
  const messages: string[] = [];
  for (let start = 0; start < consumption.length; start += ENTRIES_PER_MESSAGE) {
    const entries = consumption
      .slice(start, start + ENTRIES_PER_MESSAGE)
      .map(({ caller, policy, requests }): Entry => [caller.kind, caller.id, policy, requests]);
    messages.push(JSON.stringify({ from, grants: entries } satisfies Message));
  }
  return messages;
}
