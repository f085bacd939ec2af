import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { createGreenroom } from '@greenroom/client';
import { lifecycle } from '@greenroom/contract';
import pLimit from 'p-limit';

import type { DevKeys } from '../../built-programs.ts';
import { Balancer, isWrong } from './balancer.ts';
import { runCustomer } from './customer.ts';
import { Ledger } from './ledger.ts';
import { runPerformer } from './performer.ts';

export interface TrafficOptions {
  urls: readonly string[];
  keys: DevKeys;
  /** Returns a number from 0 to 1. */
  random?: () => number;
}

/** Customers and workers over the wire, with a ledger of acknowledged facts. */
export interface Traffic {
  readonly balancer: Balancer;
  readonly ledger: Ledger;
  /**
   * Ends every session and waits until each is over. Resolves with a line for each acknowledged fact that the API does
   * not confirm, and for each response that no caller may get.
   */
  stop(): Promise<string[]>;
}

const CUSTOMERS_PER_MODE = 4;
/** Additional customers with one session each that lives until the traffic stops. */
const LASTING_PER_MODE = 4;
const MAX_LIFETIME_MS = 4_000;
const END_TIMEOUT_MS = 60_000;
const CHECKS_AT_ONCE = 8;
const MAX_PROBLEMS = 20;

/** Starts customers of both modes, and two workers for each. */
export function startTraffic({ urls, keys, random = Math.random }: TrafficOptions): Traffic {
  const balancer = new Balancer(urls);
  const ledger = new Ledger();
  const stoppingCustomers = new AbortController();
  const stoppingWorkers = new AbortController();
  setMaxListeners(0, stoppingCustomers.signal);
  const customers: Promise<void>[] = [];
  const workers: Promise<void>[] = [];
  for (const mode of ['test', 'live'] as const) {
    const run = (lifetimeMs: () => number) =>
      runCustomer({ balancer, ledger, apiKey: keys[mode], lifetimeMs }, stoppingCustomers.signal);
    for (let count = 0; count < CUSTOMERS_PER_MODE; count += 1) {
      customers.push(run(() => random() * MAX_LIFETIME_MS));
    }
    // Lasts for the longest delay of a timer.
    for (let count = 0; count < LASTING_PER_MODE; count += 1) customers.push(run(() => 2 ** 31 - 1));
    const runtimeType = mode === 'test' ? 'simulator' : 'livekit';
    for (let count = 0; count < 2; count += 1) {
      const options = { balancer, ledger, workerKey: keys.worker, runtimeType } as const;
      workers.push(runPerformer(options, stoppingWorkers.signal));
    }
  }
  return {
    balancer,
    ledger,
    async stop() {
      stoppingCustomers.abort();
      await Promise.all(customers);
      const unconfirmed = await checkSessions(balancer, ledger, keys);
      stoppingWorkers.abort();
      await Promise.all(workers);
      const wrong = balancer.exchanges
        .filter(isWrong)
        .map(({ method, path, status, detail }) => `${method} ${path}: ${status} ${detail}`);
      return summarized([...ledger.problems, ...wrong, ...unconfirmed]);
    },
  };
}

function summarized(lines: readonly string[]): string[] {
  const more = lines.length - MAX_PROBLEMS;
  return more > 0 ? [...lines.slice(0, MAX_PROBLEMS), `… and ${more} more`] : [...lines];
}

/** Waits until each created session is over, and compares it with the ledger. */
async function checkSessions(balancer: Balancer, ledger: Ledger, keys: DevKeys): Promise<string[]> {
  const clients = [keys.test, keys.live].map((apiKey) =>
    createGreenroom({ apiKey, baseUrl: 'http://greenroom.invalid', fetch: balancer.sender() }),
  );
  const deadline = performance.now() + END_TIMEOUT_MS;
  const find = async (id: string) => {
    for (const greenroom of clients) {
      const session = await greenroom.sessions.get(id).catch(() => null);
      if (session !== null) return session;
    }
    return null;
  };
  const check = async (id: string): Promise<string | null> => {
    for (;;) {
      const session = await find(id);
      if (session !== null && lifecycle.terminal.some((status) => status === session.status)) {
        // A worker may lose only a session that was canceled before the worker started it.
        if (ledger.lost.has(id) && session.status !== 'canceled') {
          return `${id} was taken from its worker, and is ${session.status}`;
        }
        const expected = ledger.billableSeconds(id);
        if (session.status === 'failed') return `${id} failed: ${session.failure?.code ?? ''}`;
        if (expected === null || session.usage.billable_seconds === expected) return null;
        return `${id} bills ${session.usage.billable_seconds} s instead of ${expected} s`;
      }
      if (performance.now() > deadline) return `${id} is ${session?.status ?? 'not found'}`;
      await delay(200);
    }
  };
  const limit = pLimit(CHECKS_AT_ONCE);
  const lines = await Promise.all([...ledger.created.values()].map((id) => limit(() => check(id))));
  return lines.filter((line) => line !== null);
}
