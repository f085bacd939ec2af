import type { Database } from '@greenroom/database';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';

import { inBackground } from '../common/in-background.ts';
import type { Tenant } from '../common/tenant.ts';
import type { EventNotifier } from '../dispatch/dispatch-notifier.ts';
import { appendEvent } from '../event-log/event-log-repository.ts';
import { pauseSeconds, retryDelaySeconds } from './retry-schedule.ts';
import { attemptDelivery, type AttemptOptions } from './webhook-attempt.ts';
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
} from './webhook-queue-repository.ts';
import { endpointResource } from './webhook-resources.ts';

/** Endpoints that a process delivers to at once. */
const MAX_ENDPOINTS = 128;
/** How many of these may be failing: one that hangs keeps its place for 15 s. */
const MAX_FAILING_ENDPOINTS = 32;
/** How many of these one organisation and mode may have. */
const MAX_ENDPOINTS_OF_TENANT = 16;
/**
 * Concurrent attempts at a healthy endpoint: this many at first, because one may hang, and one more after each success.
 * A failing endpoint gets one at a time.
 */
const FIRST_ATTEMPTS_OF_ENDPOINT = 4;
const MAX_ATTEMPTS_OF_ENDPOINT = 32;
/** An endpoint that must wait for a place asks again after this time, in any process. */
const BUSY_SECONDS = 1;
/** Attempts at once that were requested one by one. */
const MAX_REQUESTED_ATTEMPTS = 32;
/** An endpoint leaves its place after this time if others wait. */
const TURN_MS = 5_000;
const GONE = 410;
const FAILING_DAYS = 5;
const DAY_SECONDS = 86_400;
const CACHED_TENANTS = 10_000;
const CACHED_MS = 60_000;

export interface WebhookDelivererOptions extends AttemptOptions {
  database: Database;
  notifier: EventNotifier;
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
  readonly #active = new Map<string, Turn>();
  /** Endpoints whose last attempt in this process failed. */
  readonly #failing = new LRUCache<string, true>({ max: CACHED_TENANTS });
  /** Endpoints that fail, until their next delivery is due and no pause is left. A job wakes them then. */
  readonly #waiting = new LRUCache<string, true>({ max: CACHED_TENANTS, ttl: CACHED_MS });
  readonly #busy = new Set<string>();
  readonly #requested = new Set<Promise<void>>();
  /** Enabled endpoints by tenant. */
  readonly #endpoints = new LRUCache<string, Promise<string[]>>({ max: CACHED_TENANTS, ttl: CACHED_MS });
  #isStopping = false;

  constructor(options: WebhookDelivererOptions) {
    this.#options = options;
  }

  /** Wakes the endpoints of a tenant that has new events. */
  eventsAppended(tenant: Tenant): void {
    const { database, log } = this.#options;
    const name = `${tenant.orgId} ${tenant.mode}`;
    let endpoints = this.#endpoints.get(name);
    if (endpoints === undefined) {
      endpoints = enabledEndpoints(database, tenant);
      endpoints.catch(() => this.#endpoints.delete(name));
      this.#endpoints.set(name, endpoints);
    }
    const wake = endpoints.then((ids) => {
      for (const id of ids) if (!this.#waiting.has(id)) this.wake({ ...tenant, id });
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
    if (this.#isStopping) return;
    const { id } = endpoint;
    const active = this.#active.get(id);
    if (active !== undefined) {
      active.wake();
    } else if (this.#hasPlace(endpoint)) {
      const turn = new Turn(endpoint);
      this.#active.set(id, turn);
      turn.done = this.#serve(turn);
    } else if (!this.#busy.has(id)) {
      // Once a second, however many events it gets.
      this.#busy.add(id);
      setTimeout(() => this.#busy.delete(id), BUSY_SECONDS * 1000).unref();
      this.#schedule(endpoint, BUSY_SECONDS);
    }
  }

  /** Attempts a delivery that is due at once, before others and in a pause of its endpoint, if capacity allows. */
  request(endpoint: EndpointKey, deliveryId: string): void {
    const { database, log } = this.#options;
    if (this.#isStopping || this.#requested.size >= MAX_REQUESTED_ATTEMPTS) {
      this.wake(endpoint);
      return;
    }
    const requested = claimDelivery(database, endpoint, deliveryId)
      .then((claims) => Promise.all(claims.map((claim) => this.#attempt(claim))))
      .then(() => {
        this.wake(endpoint);
      })
      .catch((error: unknown) => {
        log.warn({ err: error, delivery: deliveryId }, 'could not attempt a webhook');
      })
      .finally(() => this.#requested.delete(requested));
    this.#requested.add(requested);
  }

  /** Wakes endpoints that were forgotten. */
  async sweep(): Promise<void> {
    for (const endpoint of await overdueEndpoints(this.#options.database)) this.wake(endpoint);
  }

  /** Begins no more attempts, and resolves when those in progress are recorded. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const turn of this.#active.values()) turn.wake();
    await Promise.all([...[...this.#active.values()].map(({ done }) => done), ...this.#requested]);
  }

  #hasPlace({ orgId, mode, id }: EndpointKey): boolean {
    const active = [...this.#active.values()].map(({ endpoint }) => endpoint);
    if (active.length >= MAX_ENDPOINTS) return false;
    const ofTenant = active.filter((each) => each.orgId === orgId && each.mode === mode).length;
    if (ofTenant >= MAX_ENDPOINTS_OF_TENANT) return false;
    if (!this.#failing.has(id)) return true;
    return active.filter((each) => this.#failing.has(each.id)).length < MAX_FAILING_ENDPOINTS;
  }

  async #serve(turn: Turn): Promise<void> {
    const { endpoint } = turn;
    let waitSeconds: number | null = BUSY_SECONDS;
    try {
      await this.#deliver(turn);
      waitSeconds = await this.#settle(endpoint);
    } catch (error) {
      this.#options.log.warn({ err: error, endpoint: endpoint.id }, 'could not deliver webhooks');
    } finally {
      await Promise.all(turn.attempts);
      this.#active.delete(endpoint.id);
    }
    if (waitSeconds !== null && this.#failing.has(endpoint.id)) {
      this.#waiting.set(endpoint.id, true, { ttl: Math.max(1, waitSeconds * 1000) });
    }
    // Something was appended after the last look.
    if (turn.isAwake) this.wake(endpoint);
    if (waitSeconds !== null && !this.#active.has(endpoint.id)) this.#schedule(endpoint, waitSeconds);
  }

  /** Delivers until nothing is due, or the turn is over. */
  async #deliver(turn: Turn): Promise<void> {
    const { database } = this.#options;
    const { endpoint, attempts } = turn;
    let hasEvents = true;
    for (;;) {
      const isOver = this.#isStopping || (turn.elapsedMs > TURN_MS && this.#active.size >= MAX_ENDPOINTS);
      const free = (isOver ? 0 : this.#windowOf(turn)) - attempts.size;
      if (free <= 0) {
        if (attempts.size === 0) return;
        // Not for events: a hanging endpoint must not cost work for each event.
        await Promise.race(attempts);
        continue;
      }
      if (turn.sleep() || hasEvents) hasEvents = await fanOut(database, endpoint);
      const limits = { take: free, probes: attempts.size === 0 ? 1 : 0 };
      for (const claim of await claimDeliveries(database, endpoint, limits)) {
        turn.add(this.#attempt(claim, turn));
      }
      if (hasEvents) continue;
      if (attempts.size > 0) await turn.somethingHappens();
      else if (!turn.isAwake) return;
    }
  }

  /** Returns how many attempts an endpoint may have at once. */
  #windowOf({ endpoint, successes }: Turn): number {
    if (this.#failing.has(endpoint.id)) return 1;
    return Math.min(MAX_ATTEMPTS_OF_ENDPOINT, FIRST_ATTEMPTS_OF_ENDPOINT + successes);
  }

  /** Attempts a delivery and records that. Never rejects: an attempt that is not recorded is made again. */
  async #attempt(claim: Claim, turn?: Turn): Promise<void> {
    const { log } = this.#options;
    try {
      const attempt = await attemptDelivery(claim, this.#options);
      const { status_code: status, error } = attempt;
      log.debug({ delivery: claim.id, status, error }, 'webhook attempted');
      if (error === null) this.#failing.delete(claim.endpointId);
      else this.#failing.set(claim.endpointId, true);
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
    const health = await recordAttempt(this.#options.database, claim, {
      attempt,
      isSuccess,
      retrySeconds: canRetry ? retryDelaySeconds(claim.retries + 1) : null,
      pauseSeconds: pauseSeconds(claim.failures + 1),
    });
    const isFailing = !isSuccess && health !== null && health.failingForSeconds >= FAILING_DAYS * DAY_SECONDS;
    if (isGone || isFailing) await this.#disable(claim, isGone ? 'gone' : 'failing');
  }

  async #disable({ orgId, mode, endpointId }: Claim, reason: string): Promise<void> {
    const { database, notifier, log } = this.#options;
    await database.transaction(async (tx) => {
      const endpoint = await disableEndpoint(tx, { orgId, mode, id: endpointId }, reason);
      if (endpoint === null) return;
      const event = { type: 'webhook_endpoint.disabled', data: endpointResource(endpoint) };
      await appendEvent(tx, endpoint, event, notifier);
      await commitEndpointChange(tx, endpoint);
      log.info({ endpoint: endpointId, reason }, 'webhook endpoint disabled');
    });
  }

  /** Returns the time until the endpoint is served again; null: until it is woken. */
  async #settle(endpoint: EndpointKey): Promise<number | null> {
    const { database } = this.#options;
    const state = await findState(database, endpoint);
    if (state?.isEnabled === true) return state.waitSeconds;
    const clear = state === null ? deleteDeliveries : cancelDeliveries;
    while (!this.#isStopping && (await clear(database, endpoint)));
    return null;
  }

  #schedule(endpoint: EndpointKey, seconds: number): void {
    const { database, log } = this.#options;
    // The sweep finds one that could not be scheduled.
    inBackground(scheduleWake(database, endpoint, seconds), log, 'could not schedule webhooks');
  }
}

/** The time in which a process delivers to an endpoint. */
class Turn {
  readonly endpoint: EndpointKey;
  readonly attempts = new Set<Promise<void>>();
  done = Promise.resolve();
  successes = 0;
  #isAwake = false;
  readonly #startedAtMs = performance.now();
  #notify: () => void = () => undefined;

  constructor(endpoint: EndpointKey) {
    this.endpoint = endpoint;
  }

  get isAwake(): boolean {
    return this.#isAwake;
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAtMs;
  }

  wake(): void {
    this.#isAwake = true;
    this.#notify();
  }

  /** Returns whether it was woken since the last call. */
  sleep(): boolean {
    const wasAwake = this.#isAwake;
    this.#isAwake = false;
    return wasAwake;
  }

  add(attempt: Promise<void>): void {
    const ended = attempt.finally(() => {
      this.attempts.delete(ended);
      this.#notify();
    });
    this.attempts.add(ended);
  }

  /** Resolves when it is woken or an attempt ends. */
  async somethingHappens(): Promise<void> {
    if (this.#isAwake) return;
    await new Promise<void>((resolve) => {
      this.#notify = resolve;
    });
  }
}
