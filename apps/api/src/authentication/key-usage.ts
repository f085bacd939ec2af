import type { Database } from '@greenroom/database';
import type { Logger } from 'pino';

import { currentTime } from '../common/clock.ts';
import { inBackground } from '../common/in-background.ts';
import type { CustomerIdentity, WorkerIdentity } from '../contract/identity.ts';
import { touchKeys, type KeyUse } from './key-repository.ts';

/** The accuracy of `last_used_at`. */
const FLUSH_INTERVAL_MS = 10_000;

/** Collects the use of keys and writes it at intervals, not on every request. */
export class KeyUsage {
  readonly #database: Database;
  readonly #log: Logger;
  readonly #timer: NodeJS.Timeout;
  #usedAt = new Map<string, KeyUse>();

  constructor(database: Database, log: Logger) {
    this.#database = database;
    this.#log = log;
    this.#timer = setInterval(() => {
      inBackground(this.flush(), log, 'could not record when keys were used');
    }, FLUSH_INTERVAL_MS);
    this.#timer.unref();
  }

  note(identity: CustomerIdentity | WorkerIdentity): void {
    this.#usedAt.set(identity.keyId, { identity, usedAt: currentTime() });
  }

  async flush(): Promise<void> {
    if (this.#usedAt.size === 0) return;
    const usedAt = this.#usedAt;
    this.#usedAt = new Map();
    try {
      await touchKeys(this.#database, [...usedAt.values()]);
    } catch (error) {
      this.#log.warn({ err: error, keys: usedAt.size }, 'could not record when keys were used');
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }
}
