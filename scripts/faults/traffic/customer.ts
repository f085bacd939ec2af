import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { createGreenroom, GreenroomError, type Greenroom } from '@greenroom/client';
import { sessionCreate } from '@greenroom/testing';

import type { Balancer } from './balancer.ts';
import type { Ledger } from './ledger.ts';
import { persist } from './persist.ts';

export interface CustomerOptions {
  balancer: Balancer;
  ledger: Ledger;
  apiKey: string;
  /** Returns how long a session lives, in milliseconds. */
  lifetimeMs: () => number;
}

/**
 * Creates and ends sessions one after another until stopped. Each session ends at the latest when the customer stops.
 */
export async function runCustomer(options: CustomerOptions, stopping: AbortSignal): Promise<void> {
  const { balancer, ledger, apiKey, lifetimeMs } = options;
  const greenroom = createGreenroom({
    apiKey,
    baseUrl: 'http://greenroom.invalid',
    fetch: balancer.sender(),
  });
  while (!stopping.aborted) {
    try {
      const id = await create(greenroom, ledger);
      await delay(lifetimeMs(), undefined, { signal: stopping }).catch(() => undefined);
      await persist(() => greenroom.sessions.end(id), isTemporary);
    } catch (error) {
      ledger.problems.push(`A customer got: ${String(error)}`);
    }
  }
}

async function create(greenroom: Greenroom, ledger: Ledger): Promise<string> {
  const idempotencyKey = randomUUID();
  // The metadata shows which sessions one create has made.
  const body = await sessionCreate({ metadata: { create: idempotencyKey } });
  const { id } = await persist(() => greenroom.sessions.create(body, { idempotencyKey }), isTemporary);
  ledger.created.set(idempotencyKey, id);
  return id;
}

function isTemporary(error: unknown): boolean {
  return error instanceof GreenroomError && (error.status === null || [429, 503].includes(error.status));
}
