import type { Quality } from '@greenroom/contract';
import { afterTransaction, type DatabasePool, type Transaction } from '@greenroom/database';
import type { Logger } from 'pino';

/** Sessions wait for a worker: `<how many> <runtime type> <quality>`. */
export const QUEUE_CHANNEL = 'greenroom_queue';
/** A session's state was changed by another party than its worker: its id. */
export const DIRECTIVE_CHANNEL = 'greenroom_directives';

/** What claims wait for. */
export interface Queue {
  runtimeType: string;
  quality: Quality;
}

/** The name of a queue in notifications. */
export function queueName({ runtimeType, quality }: Queue): string {
  return `${runtimeType} ${quality}`;
}

/**
 * Calls `wake` with the name of the queue, once for each session that the notification announces: one where it
 * has no number, as the previous version writes it.
 */
export function wakeForEach(notification: string, wake: (queue: string) => void): void {
  const [, count = '1', queue = ''] = /^(?:(\d+) )?(.*)$/s.exec(notification) ?? [];
  for (let turn = 0; turn < Number(count); turn += 1) wake(queue);
}

/**
 * Wakes the claims and reports that wait, in every process, after the transactions that give them reason to look.
 *
 * PostgreSQL serialises the commits of all transactions that notify, so none of ours does: one statement at a time
 * announces what has come together meanwhile. An announcement that is lost costs those who wait their next regular look.
 */
export class DispatchWaker {
  readonly #pool: DatabasePool['pool'];
  readonly #log: Logger;
  readonly #queued = new Map<string, number>();
  readonly #directives = new Set<string>();
  #sending = Promise.resolve();
  #isSending = false;

  constructor({ pool }: DatabasePool, log: Logger) {
    this.#pool = pool;
    this.#log = log;
  }

  /** A session is queued when the transaction commits. */
  queued(tx: Transaction, queue: Queue): void {
    const name = queueName(queue);
    afterTransaction(tx, () => {
      this.#queued.set(name, (this.#queued.get(name) ?? 0) + 1);
      this.#send();
    });
  }

  /** The worker of a session has a new directive when the transaction commits. */
  directed(tx: Transaction, sessionId: string): void {
    afterTransaction(tx, () => {
      this.#directives.add(sessionId);
      this.#send();
    });
  }

  /** Resolves when everything has been announced. */
  async stop(): Promise<void> {
    await this.#sending;
  }

  #send(): void {
    if (this.#isSending) return;
    this.#isSending = true;
    this.#sending = this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    // Other transactions of this turn of the event loop join in.
    await Promise.resolve();
    while (this.#queued.size + this.#directives.size > 0) {
      const channels = [...this.#queued].map(([queue, count]) => [QUEUE_CHANNEL, `${count} ${queue}`]);
      channels.push(...[...this.#directives].map((sessionId) => [DIRECTIVE_CHANNEL, sessionId]));
      this.#queued.clear();
      this.#directives.clear();
      try {
        await this.#pool.query({
          name: 'notify',
          text: 'SELECT count(pg_notify(channel, message)) FROM unnest($1::text[], $2::text[]) AS sent(channel, message)',
          values: [channels.map(([channel]) => channel), channels.map(([, message]) => message)],
        });
      } catch (error) {
        this.#log.warn({ err: error, lost: channels.length }, 'waiting workers were not woken');
      }
    }
    this.#isSending = false;
  }
}
