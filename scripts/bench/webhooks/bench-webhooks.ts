import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { createGreenroom } from '@greenroom/client';
import { operationPaths } from '@greenroom/contract';
import { sessionCreate } from '@greenroom/testing';

import { buildApps } from '../../build-apps.mjs';
import { readDevKeys } from '../../built-programs.ts';
import type { BenchmarkOptions, BenchmarkResult } from '../benchmark.ts';
import { durationRow } from '../duration-row.ts';
import { PATIENT, startMeasuredApi } from '../measured-api.ts';
import { durationsOf } from '../statistics.ts';
import { withPostgres } from '../with-postgres.ts';

export const ENDS_PER_SECOND = 200;
export const MAX_ARRIVAL_P99_MS = 250;
export const MAX_STREAM_P99_MS = 50;
const SESSIONS = 2_000;
const AT_ONCE = 16;
const ARRIVAL_TIMEOUT_MS = 60_000;

/** Measures how fast the ends of sessions arrive at a webhook endpoint: at a steady rate, and as fast as they can end. */
export async function benchWebhooks({ signal, log }: BenchmarkOptions): Promise<BenchmarkResult> {
  await buildApps('api');
  return withPostgres(async (postgres) => {
    const env = { ...PATIENT, GREENROOM_ALLOW_LOCAL_WEBHOOKS: 'true' };
    const server = await startMeasuredApi({ ...postgres, env, signal });
    const receiver = new Receiver();
    const reading = new AbortController();
    try {
      await receiver.start();
      const key = (await readDevKeys(postgres.dataDir)).test;
      const post = async (path: string, body?: object): Promise<{ id: string }> => {
        signal.throwIfAborted();
        const response = await fetch(server.url + path, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        if (!response.ok) {
          throw new Error(`POST ${path} returned ${response.status}: ${await response.text()}`);
        }
        return (await response.json()) as { id: string };
      };
      const streamed = readStream({ url: server.url, key, signal: reading.signal });
      const endpoints = operationPaths['webhookEndpoints.create'];
      await post(endpoints, { url: `${receiver.url}/silent` });
      await post(endpoints, { url: receiver.url, event_types: ['session.canceled'] });

      const measure = async (perSecond: number | null) => {
        log(`Creating ${SESSIONS} sessions …`);
        const ids = await inTurn(SESSIONS, async () => {
          const body = await sessionCreate();
          return (await post(operationPaths['sessions.create'], body)).id;
        });
        log(`Ending them${perSecond === null ? '' : `, ${perSecond} per second`} …`);
        const startedAtMs = performance.now();
        await inTurn(SESSIONS, async (index) => {
          if (perSecond !== null) {
            const dueMs = startedAtMs + (index * 1000) / perSecond;
            await delay(Math.max(0, dueMs - performance.now()));
          }
          return post(operationPaths['sessions.end'].replace('{session_id}', ids[index] ?? ''));
        });
        const arrivals = await arrivalsOf(ids, receiver.arrivals);
        const ofStream = await arrivalsOf(ids, streamed);
        const elapsedMs = Math.max(...arrivals.map(({ atMs }) => atMs)) - startedAtMs;
        return {
          arrivals: durationsOf(arrivals.map(({ sinceEventMs }) => sinceEventMs)),
          ofStream: durationsOf(ofStream.map(({ sinceEventMs }) => sinceEventMs)),
          perSecond: SESSIONS / (elapsedMs / 1000),
        };
      };
      const steady = await measure(ENDS_PER_SECOND);
      const fast = await measure(null);
      const isMet = (isBelow: boolean) => (isBelow ? 'met' : 'not met');
      const arrivesInTime = isMet(steady.arrivals.p99Ms < MAX_ARRIVAL_P99_MS);
      const isReadInTime = isMet(steady.ofStream.p99Ms < MAX_STREAM_P99_MS);
      return {
        lines: [
          durationRow(`${ENDS_PER_SECOND} ends per second: to arrival`, steady.arrivals),
          durationRow(`${ENDS_PER_SECOND} ends per second: to a stream`, steady.ofStream),
          `${steady.perSecond.toFixed(0)} deliveries per second`,
          durationRow(`${AT_ONCE} ends at once: to arrival`, fast.arrivals),
          durationRow(`${AT_ONCE} ends at once: to a stream`, fast.ofStream),
          `${fast.perSecond.toFixed(0)} deliveries per second`,
          `attempts at the silent endpoint at once: ${receiver.mostSilent} at most`,
          `aim: p99 at ${ENDS_PER_SECOND} ends per second below ${MAX_ARRIVAL_P99_MS} ms to arrival, ${arrivesInTime}`,
          `and below ${MAX_STREAM_P99_MS} ms to a stream, ${isReadInTime}`,
        ],
        data: { steady, fast },
        problems: [],
      };
    } finally {
      reading.abort();
      await receiver.stop();
      await server.stop();
    }
  });
}

async function inTurn<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < count) {
        const index = next;
        next += 1;
        results[index] = await work(index);
      }
    }),
  );
  return results;
}

interface Arrival {
  atMs: number;
  sinceEventMs: number;
}

/** The first arrival of each session's end. */
type Arrivals = ReadonlyMap<string, Arrival>;

/** Resolves when the ends of all sessions have arrived. */
async function arrivalsOf(ids: readonly string[], arrivals: Arrivals): Promise<Arrival[]> {
  const deadline = performance.now() + ARRIVAL_TIMEOUT_MS;
  for (;;) {
    const found = ids.flatMap((id) => arrivals.get(id) ?? []);
    if (found.length === ids.length) return found;
    if (performance.now() > deadline) throw new Error(`${ids.length - found.length} ends did not arrive`);
    await delay(50);
  }
}

/**
 * Follows the ends of sessions in an event stream until the signal aborts. Returns a map that collects their arrivals.
 */
function readStream({ url, key, signal }: { url: string; key: string; signal: AbortSignal }): Arrivals {
  const arrivals = new Map<string, Arrival>();
  const { events } = createGreenroom({ apiKey: key, baseUrl: url });
  const read = async () => {
    for await (const { created_at: time, data } of events.stream({ types: ['session.canceled'], signal })) {
      const [atMs, now] = [performance.now(), Date.now()];
      if ('id' in data.object) arrivals.set(data.object.id, { atMs, sinceEventMs: now - Date.parse(time) });
    }
  };
  // `arrivalsOf` reports ends that do not arrive.
  read().catch(() => undefined);
  return arrivals;
}

/** A customer's server: responds to all requests but those to `/silent`. */
class Receiver {
  mostSilent = 0;
  readonly #server: Server;
  readonly arrivals = new Map<string, Arrival>();
  #silent = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      if (request.url === '/silent') {
        this.mostSilent = Math.max(this.mostSilent, (this.#silent += 1));
        response.once('close', () => {
          this.#silent -= 1;
        });
        request.resume();
        return;
      }
      const [atMs, now] = [performance.now(), Date.now()];
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on('end', () => {
        response.writeHead(204).end();
        const { timestamp, data } = JSON.parse(body) as {
          timestamp: string;
          data: { data: { object: { id: string } } };
        };
        const { id } = data.data.object;
        if (!this.arrivals.has(id)) {
          this.arrivals.set(id, { atMs, sinceEventMs: now - Date.parse(timestamp) });
        }
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
