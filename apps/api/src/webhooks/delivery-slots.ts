import { LRUCache } from 'lru-cache';

import type { DeliveryTurn } from './delivery-turn.ts';
import type { EndpointKey } from './webhook-endpoint-repository.ts';

/**
 * What this process knows of an endpoint: its last attempt succeeded or failed, or there was none. One that `hangs` has not
 * failed yet, but nothing has ended for a while.
 */
type Health = 'works' | 'fails' | 'unknown' | 'hangs';

/**
 * Endpoints that a process delivers to at once. One that hangs can take up to 15 s, so those that work have slots that
 * no other can take, and those that are new have some that failing ones cannot take.
 */
const MAX_WORKING = 96;
const MAX_UNKNOWN = 32;
const MAX_FAILING = 32;
/** All that are not known to work. */
const MAX_UNPROVEN = 128;
/** How many of these one organisation may have. It cannot have more working ones than a third of the slots. */
const MAX_UNPROVEN_OF_ORG = 8;
/**
 * After this time without a response, an endpoint hangs. It then counts only towards `MAX_UNPROVEN` and
 * `MAX_UNPROVEN_OF_ORG`.
 */
const HANGING_MS = 2_000;
const REMEMBERED = 10_000;

/** Decides to which endpoints a process delivers at once, so that those that hang delay no others. */
export class DeliverySlots {
  readonly #turns: ReadonlyMap<string, DeliveryTurn>;
  readonly #maxWorking: number;
  readonly #working = new LRUCache<string, boolean>({ max: REMEMBERED });

  /**
   * @param turns by endpoint, those in progress
   * @param maxWorking slots of endpoints that work
   */
  constructor(turns: ReadonlyMap<string, DeliveryTurn>, maxWorking = MAX_WORKING) {
    this.#turns = turns;
    this.#maxWorking = maxWorking;
  }

  /** Remembers how an attempt at an endpoint ended. */
  note(endpointId: string, isSuccess: boolean): void {
    this.#working.set(endpointId, isSuccess);
  }

  /** Whether the last attempt at an endpoint failed. */
  isFailing(endpointId: string): boolean {
    return this.#working.get(endpointId) === false;
  }

  /** Whether there is a slot for an endpoint that has none. */
  has({ id, orgId }: EndpointKey): boolean {
    return this.#hasSlot(this.#healthOf(id), orgId);
  }

  /** Whether others may have to wait for the slot of a turn. */
  isContended({ endpoint }: DeliveryTurn): boolean {
    return !this.#hasSlot(this.#healthOf(endpoint.id), endpoint.orgId);
  }

  #hasSlot(health: 'works' | 'fails' | 'unknown', orgId: string): boolean {
    const counts: Record<Health, number> = { works: 0, fails: 0, unknown: 0, hangs: 0 };
    let unprovenOfOrg = 0;
    for (const turn of this.#turns.values()) {
      const each = this.#healthOfTurn(turn);
      counts[each] += 1;
      if (each !== 'works' && turn.endpoint.orgId === orgId) unprovenOfOrg += 1;
    }
    if (health === 'works') return counts.works < this.#maxWorking;
    const unproven = counts.fails + counts.unknown + counts.hangs;
    if (unproven >= MAX_UNPROVEN || unprovenOfOrg >= MAX_UNPROVEN_OF_ORG) return false;
    return health === 'fails' ? counts.fails < MAX_FAILING : counts.unknown < MAX_UNKNOWN;
  }

  #healthOf(endpointId: string): 'works' | 'fails' | 'unknown' {
    const isWorking = this.#working.get(endpointId);
    return isWorking === undefined ? 'unknown' : isWorking ? 'works' : 'fails';
  }

  #healthOfTurn({ endpoint, silentMs }: DeliveryTurn): Health {
    const health = this.#healthOf(endpoint.id);
    return health !== 'fails' && silentMs > HANGING_MS ? 'hangs' : health;
  }
}
