import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import type { Database } from '@greenroom/database';
import type { Logger } from 'pino';

import { sendGrants } from './process-repository.ts';
import type { Caller, Grant } from './rate-limiter.ts';

/** Collects grants for this long, so that many of them are one statement. */
const COLLECT_MS = 20;
/** The grants in one notification, which PostgreSQL limits to 8000 bytes. */
const GRANTS_PER_MESSAGE = 50;

interface Dependencies {
  database: Database;
  log: Logger;
  /** Whether other processes serve the same database. */
  hasPeers: () => boolean;
  /** Called with each request that another process granted. */
  charge: (grant: Grant) => void;
}

type Entry = [Caller['kind'], string, Grant['policy'], number];

interface Message {
  from: string;
  grants: Entry[];
}

/**
 * Exchanges with the other API processes which requests each granted, by notifications and not by a statement for each
 * request. A grant that is lost, such as during an outage of the database, is not charged elsewhere.
 */
export class GrantExchange {
  readonly #deps: Dependencies;
  readonly #id = randomUUID();
  #collected: Grant[] = [];
  #sending: Promise<void> | null = null;

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
  }

  /** Tells the other processes soon. */
  share(grant: Grant): void {
    if (!this.#deps.hasPeers()) return;
    this.#collected.push(grant);
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
      // Of another version, or of another program.
      this.#deps.log.warn({ err: error }, 'a notification of granted requests is not understood');
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
      const grants = this.#collected;
      this.#collected = [];
      try {
        await sendGrants(database, messagesOf(grants, this.#id));
      } catch (error) {
        log.warn({ err: error }, 'other processes do not know which requests this one granted');
      }
    }
    this.#sending = null;
  }
}

function messagesOf(grants: readonly Grant[], from: string): string[] {
  const messages: string[] = [];
  for (let start = 0; start < grants.length; start += GRANTS_PER_MESSAGE) {
    const entries = grants
      .slice(start, start + GRANTS_PER_MESSAGE)
      .map(({ caller, policy, requests }): Entry => [caller.kind, caller.id, policy, requests]);
    messages.push(JSON.stringify({ from, grants: entries } satisfies Message));
  }
  return messages;
}
