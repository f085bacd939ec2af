import type { Database, Transaction } from '@greenroom/database';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import type { Logger } from 'pino';

import { inBackground } from '../common/in-background.ts';
import type { Tenant } from '../common/tenant.ts';
import type { EventNotifier } from '../dispatch/dispatch-notifier.ts';
import { appendEvent } from '../event-log/event-log-repository.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { DeliverySlots } from './delivery-slots.ts';
import { DeliveryTurn } from './delivery-turn.ts';
import { pauseSeconds, retryDelaySeconds } from './retry-schedule.ts';
import { attemptDelivery, isOfEndpoint, type AttemptOptions } from './webhook-attempt.ts';
import type { Attempt } from './webhook-delivery-repository.ts';
import {
  commitEndpointChange,
  disableEndpoint,
  enabledEndpoints,
  type EndpointKey,
} from './webhook-endpoint-repository.ts';
import {
  cancelDeliveries,
  claimDeliveries,
  claimDelivery,
  deleteDeliveries,
  fanOut,
  findState,
  overdueEndpoints,
  recordAttempt,
  scheduleWake,
  type Claim,
  type EndpointState,
} from './webhook-queue-repository.ts';
import { endpointResource } from './webhook-resources.ts';

/**
 * Concurrent attempts at a healthy endpoint: this many at first, because one may hang, and one more after each success.
 * A failing endpoint gets one at a time.
 */
const FIRST_ATTEMPTS_OF_ENDPOINT = 4;
const MAX_ATTEMPTS_OF_ENDPOINT = 32;
/** After this time, another process is asked for a slot, and this one looks again. */
const BUSY_SECONDS = 1;
/** Endpoints that wait for a slot. The sweep finds others. */
const MAX_DEFERRED = 10_000;
/** How many of them one look considers. */
const CONSIDERED = 100;
/** Attempts at once that were requested one by one. */
const MAX_REQUESTED_ATTEMPTS = 32;
/** How many of these one organisation may have. */
const MAX_REQUESTED_ATTEMPTS_OF_ORG = 4;
/** An endpoint releases its slot after this time if others wait. */
const TURN_MS = 5_000;
const GONE = 410;
const FAILING_DAYS = 5;
const DAY_SECONDS = 86_400;
/** Its work in the database at once. Of the default pool, connections remain for requests. */
const CONCURRENT_WORK = 6;
const CACHED_TENANTS = 10_000;
const CACHED_MS = 60_000;

export interface WebhookDelivererOptions extends AttemptOptions {
  database: Database;
  notifier: EventNotifier;
  /** Endpoints that work to which this process delivers at once; 96 by default. */
  maxWorking?: number;
  /** Null counts nothing. */
  metrics: Metrics | null;
  log: Logger;
}

/**
 * Delivers events to webhook endpoints.
 *
 * The database says what is to be delivered, by the cursor of each endpoint and the due times of its deliveries, and any
 * process may find that out at any time. So waking an endpoint is never wrong, and nothing depends on it but the time: a
 * process wakes the endpoints of the events that it appends, jobs wake those whose next delivery is due, and a sweep wakes
 * those that were forgotten because a process was killed.
 */
export class WebhookDeliverer {
  readonly #options: WebhookDelivererOptions;
  readonly #active = new Map<string, DeliveryTurn>();
  readonly #slots: DeliverySlots;
  /**
   * Endpoints in a pause. A job wakes them after it. Not for longer than the longest pause: another process may have
   * delivered to one meanwhile.
   */
  readonly #paused = new LRUCache<string, true>({ max: CACHED_TENANTS, ttl: CACHED_MS });
  /** Endpoints that wait for a slot, in turn. */
  readonly #deferred = new Map<string, EndpointKey>();
  #admission: NodeJS.Timeout | undefined;
  /** The organisation of each attempt that was requested. */
  readonly #requested = new Map<Promise<void>, string>();
  /** Enabled endpoints by tenant. */
  readonly #endpoints = new LRUCache<string, Promise<string[]>>({ max: CACHED_TENANTS, ttl: CACHED_MS });
  readonly #limit = pLimit(CONCURRENT_WORK);
  #isStopping = false;

  constructor(options: WebhookDelivererOptions) {
    this.#options = options;
    this.#slots = new DeliverySlots(this.#active, options.maxWorking);
  }

  /** Wakes the endpoints of a tenant that has new events. */
  eventsAppended(tenant: Tenant): void {
    const { database, log } = this.#options;
    const name = `${tenant.orgId} ${tenant.mode}`;
    let endpoints = this.#endpoints.get(name);
    if (endpoints === undefined) {
      endpoints = this.#limit(enabledEndpoints, database, tenant);
      endpoints.catch(() => this.#endpoints.delete(name));
      this.#endpoints.set(name, endpoints);
    }
    const wake = endpoints.then((ids) => {
      for (const id of ids) if (!this.#paused.has(id)) this.wake({ ...tenant, id });
    });
    inBackground(wake, log, 'could not find the webhook endpoints of an event');
  }

  /** Forgets the endpoints of a tenant, by its name in notifications, or of all. */
  forget(tenant?: string): void {
    if (tenant === undefined) this.#endpoints.clear();
    else this.#endpoints.delete(tenant);
  }

  /** Delivers what is due to an endpoint, or schedules that for later. */
  wake(endpoint: EndpointKey): void {
    const active = this.#active.get(endpoint.id);
    if (active !== undefined) active.wake();
    else if (!this.#isStopping && this.#slots.has(endpoint)) this.#start(endpoint);
    else this.#defer(endpoint);
  }

  #start(endpoint: EndpointKey): void {
    this.#deferred.delete(endpoint.id);
    const turn = new DeliveryTurn(endpoint);
    this.#active.set(endpoint.id, turn);
    turn.done = this.#serve(turn);
  }

  /** Lets an endpoint wait for a slot, in this process or another, however many events it gets. */
  #defer(endpoint: EndpointKey): void {
    if (this.#deferred.has(endpoint.id) || this.#deferred.size >= MAX_DEFERRED) return;
    this.#deferred.set(endpoint.id, endpoint);
    if (!this.#isStopping) {
      this.#admission ??= setInterval(() => {
        this.#admit();
      }, BUSY_SECONDS * 1000).unref();
    }
    inBackground(this.#schedule(endpoint, BUSY_SECONDS), this.#options.log, 'could not schedule webhooks');
  }

  /** Gives free slots to endpoints that wait, those that were not considered for longest first. */
  #admit(): void {
    if (this.#isStopping) return;
    let left = Math.min(CONSIDERED, this.#deferred.size);
    for (const [id, endpoint] of this.#deferred) {
      if (left === 0) break;
      left -= 1;
      this.#deferred.delete(id);
      if (this.#active.has(id)) continue;
      if (this.#slots.has(endpoint)) this.#start(endpoint);
      else this.#deferred.set(id, endpoint);
    }
    if (this.#deferred.size > 0) return;
    clearInterval(this.#admission);
    this.#admission = undefined;
  }

  /** Attempts a delivery that is due at once, before others and in a pause of its endpoint, if capacity allows. */
  request(endpoint: EndpointKey, deliveryId: string): void {
    const { database, log } = this.#options;
    const ofOrg = [...this.#requested.values()].filter((orgId) => orgId === endpoint.orgId).length;
    const isFull = this.#requested.size >= MAX_REQUESTED_ATTEMPTS || ofOrg >= MAX_REQUESTED_ATTEMPTS_OF_ORG;
    if (this.#isStopping || isFull) {
      this.wake(endpoint);
      return;
    }
    const requested = this.#limit(claimDelivery, database, endpoint, deliveryId)
      .then((claims) => Promise.all(claims.map((claim) => this.#attempt(claim))))
      .then(() => {
        this.wake(endpoint);
      })
      .catch((error: unknown) => {
        log.warn({ err: error, delivery: deliveryId }, 'could not attempt a webhook');
      })
      .finally(() => this.#requested.delete(requested));
    this.#requested.set(requested, endpoint.orgId);
  }

  /** Wakes endpoints that were forgotten. */
  async sweep(): Promise<void> {
    for (const endpoint of await this.#limit(overdueEndpoints, this.#options.database)) this.wake(endpoint);
  }

  /**
   * Starts no more attempts, and resolves when those in progress are recorded. Due deliveries, and endpoints that wait for a
   * slot, are left to other processes: call it as soon as the process stops, which may take some time.
   */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#admission);
    for (const turn of this.#active.values()) turn.interrupt();
    await Promise.all([...[...this.#active.values()].map(({ done }) => done), ...this.#requested.keys()]);
  }

  async #serve(turn: DeliveryTurn): Promise<void> {
    const { endpoint } = turn;
    let waitSeconds: number | null = BUSY_SECONDS;
    let pausedSeconds = 0;
    try {
      await this.#deliver(turn);
      ({ waitSeconds, pausedSeconds } = await this.#settle(endpoint));
    } catch (error) {
      this.#options.log.warn({ err: error, endpoint: endpoint.id }, 'could not deliver webhooks');
    } finally {
      await Promise.all(turn.attempts);
      this.#active.delete(endpoint.id);
    }
    if (pausedSeconds > 0) {
      this.#paused.set(endpoint.id, true, { ttl: Math.min(CACHED_MS, Math.ceil(pausedSeconds * 1000)) });
    } else {
      this.#paused.delete(endpoint.id);
    }
    // Its slot is for others first.
    this.#admit();
    // Something was appended after the last look.
    if (turn.isAwake && !this.#isStopping) {
      this.wake(endpoint);
    } else if (turn.isAwake || waitSeconds !== null) {
      await this.#schedule(endpoint, turn.isAwake ? 0 : (waitSeconds ?? 0));
    }
  }

  /** Delivers until nothing is due, or the turn is over. */
  async #deliver(turn: DeliveryTurn): Promise<void> {
    const { database } = this.#options;
    const { endpoint, attempts } = turn;
    let hasEvents = true;
    for (;;) {
      const isOver = this.#isStopping || (turn.elapsedMs > TURN_MS && this.#slots.isContended(turn));
      const free = (isOver ? 0 : this.#windowOf(turn)) - attempts.size;
      if (free <= 0) {
        if (attempts.size === 0) return;
        // Not for events: a hanging endpoint must not cost work for each event.
        await Promise.race(attempts);
        continue;
      }
      if (turn.consumeWake() || hasEvents) hasEvents = await this.#limit(fanOut, database, endpoint);
      const limits = { take: free, probes: attempts.size === 0 ? 1 : 0 };
      for (const claim of await this.#limit(claimDeliveries, database, endpoint, limits)) {
        turn.add(this.#attempt(claim, turn));
      }
      if (hasEvents) continue;
      if (attempts.size > 0) await turn.nextChange();
      else if (!turn.isAwake) return;
    }
  }

  /** Returns how many attempts an endpoint may have at once. */
  #windowOf({ endpoint, successes }: DeliveryTurn): number {
    if (this.#slots.isFailing(endpoint.id)) return 1;
    return Math.min(MAX_ATTEMPTS_OF_ENDPOINT, FIRST_ATTEMPTS_OF_ENDPOINT + successes);
  }

  /** Attempts a delivery and records that. Never rejects: an attempt that is not recorded is made again. */
  async #attempt(claim: Claim, turn?: DeliveryTurn): Promise<void> {
    const { log } = this.#options;
    try {
      const attempt = await attemptDelivery(claim, this.#options);
      const { status_code: status, error } = attempt;
      this.#options.metrics?.webhookAttempted({ error, seconds: attempt.duration_ms / 1000 });
      log.debug({ delivery: claim.id, status, error }, 'webhook attempted');
      if (error === null) this.#paused.delete(claim.endpointId);
      if (error === null || isOfEndpoint(error)) this.#slots.note(claim.endpointId, error === null);
      if (turn !== undefined && error === null) turn.successes += 1;
      await this.#record(claim, attempt);
    } catch (error) {
      log.warn({ err: error, delivery: claim.id }, 'could not attempt or record a webhook');
    }
  }

  async #record(claim: Claim, attempt: Attempt): Promise<void> {
    const isSuccess = attempt.error === null;
    const isGone = attempt.status_code === GONE;
    const canRetry = !isSuccess && !isGone && attempt.error !== 'event_deleted';
    const health = await this.#limit(recordAttempt, this.#options.database, claim, {
      attempt,
      isSuccess,
      retrySeconds: canRetry ? retryDelaySeconds(claim.retries + 1) : null,
      pauseSeconds: pauseSeconds(claim.failures + 1),
      // A test says little about events.
      concernsHealth: isSuccess || (claim.sample === null && isOfEndpoint(attempt.error)),
    });
    // Not after the first attempt at an event: there may have been none for days.
    const isFailing =
      !isSuccess && claim.retries > 0 && (health?.failingForSeconds ?? 0) >= FAILING_DAYS * DAY_SECONDS;
    if (isGone || isFailing) await this.#disable(claim, isGone ? 'gone' : 'failing');
  }

  async #disable({ orgId, mode, endpointId, url }: Claim, reason: string): Promise<void> {
    const { database, notifier, log } = this.#options;
    const disable = async (tx: Transaction): Promise<void> => {
      const endpoint = await disableEndpoint(tx, { orgId, mode, id: endpointId, url }, reason);
      if (endpoint === null) return;
      const event = { type: 'webhook_endpoint.disabled', data: endpointResource(endpoint) };
      await appendEvent(tx, endpoint, event, notifier);
      await commitEndpointChange(tx, endpoint);
      log.info({ endpoint: endpointId, reason }, 'webhook endpoint disabled');
    };
    await this.#limit(() => database.transaction(disable));
  }

  /** Returns the time until the endpoint is served again, null: until it is woken, and what is left of its pause. */
  async #settle(endpoint: EndpointKey): Promise<Pick<EndpointState, 'waitSeconds' | 'pausedSeconds'>> {
    const { database } = this.#options;
    const state = await this.#limit(findState, database, endpoint);
    if (state?.isEnabled === true) return state;
    const clear = state === null ? deleteDeliveries : cancelDeliveries;
    while (!this.#isStopping && (await this.#limit(clear, database, endpoint)));
    return { waitSeconds: null, pausedSeconds: 0 };
  }

  /** Never rejects: a sweep finds an endpoint that could not be scheduled. */
  async #schedule(endpoint: EndpointKey, seconds: number): Promise<void> {
    const { database, log } = this.#options;
    try {
      await this.#limit(scheduleWake, database, endpoint, seconds);
    } catch (error) {
      log.warn({ err: error, endpoint: endpoint.id }, 'could not schedule webhooks');
    }
  }
}
