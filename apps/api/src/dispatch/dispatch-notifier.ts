import type { Quality } from '@greenroom/contract';
import { afterTransaction, type Database, type Transaction } from '@greenroom/database';
import type { Logger } from 'pino';

import { sendNotifications, type Notification } from '../common/notification-repository.ts';
import type { Tenant } from '../common/tenant.ts';

/** Announces queued sessions: `<count> <runtime type> <quality>`. */
export const QUEUE_CHANNEL = 'greenroom_queue';
/**
 * Announces that something other than its worker changed the state of a session: its id. Also announces that a session
 * over a WebSocket has left the queue, see `dequeuedMessage`.
 */
export const DIRECTIVE_CHANNEL = 'greenroom_directives';

/** Announces that events were appended: `<organisation> <mode>`. */
export const EVENT_CHANNEL = 'greenroom_events';

/** Announces appended events. */
export type EventNotifier = Pick<DispatchNotifier, 'eventsAppended'>;

/** Names the sessions that the same workers can claim. */
export interface Queue {
  runtimeType: string;
  quality: Quality;
}

/** Returns the message which announces that a session over a WebSocket has left the queue. */
export function dequeuedMessage(sessionId: string): string {
  return `${sessionId} dequeued`;
}

/** Returns the name of a queue in notifications. */
export function queueName({ runtimeType, quality }: Queue): string {
  return `${runtimeType} ${quality}`;
}

/**
 * Calls `notify` with the name of the queue, once for each session that a notification announces. One without a count,
 * as the previous version sends it, announces one session.
 */
export function forEachQueuedSession(notification: string, notify: (queue: string) => void): void {
  const [, count = '1', queue = ''] = /^(?:(\d+) )?(.*)$/s.exec(notification) ?? [];
  for (let session = 0; session < Number(count); session += 1) notify(queue);
}

/**
 * Notifies waiting claims and reports, and readers of events, in every process, after the transaction that concerns
 * them.
 *
 * PostgreSQL serialises the commits of all transactions that notify, so separate statements notify, one at a time. Each
 * sends everything that accumulated during the previous one. Polling covers a lost announcement.
 */
export class DispatchNotifier {
  readonly #database: Database;
  readonly #log: Logger;
  readonly #onEvents: (tenant: Tenant) => void;
  readonly #queued = new Map<string, number>();
  readonly #directives = new Set<string>();
  readonly #events = new Set<string>();
  #sending = Promise.resolve();
  #isSending = false;

  /** @param onEvents is called when events were appended by this process */
  constructor(database: Database, log: Logger, onEvents: (tenant: Tenant) => void = () => undefined) {
    this.#database = database;
    this.#log = log;
    this.#onEvents = onEvents;
  }

  /** Announces a queued session when the transaction has ended. */
  sessionQueued(tx: Transaction, queue: Queue): void {
    const name = queueName(queue);
    afterTransaction(tx, () => {
      this.#queued.set(name, (this.#queued.get(name) ?? 0) + 1);
      this.#send();
    });
  }

  /** Announces a new directive for the worker of a session when the transaction has ended. */
  directiveChanged(tx: Transaction, sessionId: string): void {
    afterTransaction(tx, () => {
      this.#directives.add(sessionId);
      this.#send();
    });
  }

  /** Announces to the waiting create that a session has left the queue, when the transaction has ended. */
  sessionDequeued(tx: Transaction, sessionId: string): void {
    this.directiveChanged(tx, dequeuedMessage(sessionId));
  }

  /** Announces events of an organisation when the transaction has ended. */
  eventsAppended(tx: Transaction, { orgId, mode }: Tenant): void {
    afterTransaction(tx, () => {
      this.#events.add(`${orgId} ${mode}`);
      this.#onEvents({ orgId, mode });
      this.#send();
    });
  }

  /** Resolves when everything was announced. */
  async stop(): Promise<void> {
    await this.#sending;
  }

  #send(): void {
    if (this.#isSending) return;
    this.#isSending = true;
    this.#sending = this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    // Collects the other transactions of this turn of the event loop.
    await Promise.resolve();
    while (this.#queued.size + this.#directives.size + this.#events.size > 0) {
      const notifications: Notification[] = [
        ...[...this.#queued].map(([queue, count]) => ({
          channel: QUEUE_CHANNEL,
          message: `${count} ${queue}`,
        })),
        ...[...this.#directives].map((sessionId) => ({ channel: DIRECTIVE_CHANNEL, message: sessionId })),
        ...[...this.#events].map((tenant) => ({ channel: EVENT_CHANNEL, message: tenant })),
      ];
      this.#queued.clear();
      this.#directives.clear();
      this.#events.clear();
      try {
        await sendNotifications(this.#database, notifications);
      } catch (error) {
        this.#log.warn({ err: error, lost: notifications.length }, 'notifications were lost');
      }
    }
    this.#isSending = false;
  }
}
