import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

import { openStream, type StreamReader } from '@greenroom/api/testing/stream-reader';
import type { Schemas } from '@greenroom/client';
import { until } from '@greenroom/testing';
import pLimit from 'p-limit';

import { hasExited } from '../../server-process.ts';
import { respondHuge } from './receiver.ts';
import type { WebhookFleet } from './webhook-fleet.ts';

/** The observed outcome of a fault. */
export interface Outcome {
  happened: string;
  isRight: boolean;
}

/** A fault of endpoints, processes or readers. */
export interface WebhookFault {
  name: string;
  meaning: string;
  /** Whether it kills processes, so that sessions may be rejected with 503 until these have restarted. */
  killsProcesses?: boolean;
  /** Begins the fault. Resolves with a function that ends it and returns the outcome. */
  begin: (fleet: WebhookFleet) => Promise<() => Promise<Outcome>>;
}

const MANY_EVENTS = 10_000;
/** More than the buffers of a connection hold. */
const UNREAD_EVENTS = 30_000;
/** Below the limit of an organisation, which is 500. */
const STREAMS = 490;
/** Below the limit of a key, which is 100. */
const STREAMS_OF_KEY = 98;
const STREAMS_OPENED_AT_ONCE = 8;
/** The excerpt, plus the buffers of both ends of a connection. */
const MAX_HUGE_MIB = 8;
const MIB = 1024 ** 2;
const WAIT_MS = 90_000;
const CLOCK = new URL('../../../apps/api/test/harness/shifted-clock.mjs', import.meta.url).href;
const HOUR_MS = 3_600_000;

/** A fault of an endpoint: its address, and the errors that its attempts may have. */
function ofEndpoint(
  name: string,
  meaning: string,
  address: (fleet: WebhookFleet) => string,
  expected: readonly (string | null)[],
): WebhookFault {
  return {
    name,
    meaning,
    async begin(fleet) {
      const { id } = await createEndpoint(fleet, address(fleet));
      return async () => {
        await until(async () => (await errorsOf(fleet, id)).size > 0, WAIT_MS);
        const errors = await errorsOf(fleet, id);
        await fleet.client.webhookEndpoints.delete(id);
        return {
          happened: formatErrors(errors),
          isRight: [...errors.keys()].every((error) => expected.includes(error)),
        };
      };
    },
  };
}

const local = (path: string) => (fleet: WebhookFleet) => `${fleet.receiver.url}${path}`;

export const webhookFaults: readonly WebhookFault[] = [
  {
    name: 'none',
    meaning: 'nothing fails',
    begin: () => Promise.resolve(() => Promise.resolve({ happened: '', isRight: true })),
  },
  ofEndpoint('hang', 'an endpoint accepts requests and never responds', local('/hang'), ['timeout']),
  ofEndpoint('trickle', 'an endpoint sends a byte of its body now and then', local('/trickle'), [null]),
  {
    name: 'huge',
    meaning: `an endpoint responds with 1 GB, of which it can write ${MAX_HUGE_MIB} MiB at most`,
    async begin(fleet) {
      let most = 0;
      fleet.receiver.behaviours.set('/huge', (response) => {
        respondHuge(response, (bytes) => {
          most = Math.max(most, bytes);
        });
      });
      const { id } = await createEndpoint(fleet, local('/huge')(fleet));
      return async () => {
        await until(async () => (await errorsOf(fleet, id)).size > 0, WAIT_MS);
        const errors = await errorsOf(fleet, id);
        await fleet.client.webhookEndpoints.delete(id);
        return {
          happened: `${formatErrors(errors)}, ${(most / MIB).toFixed(1)} MiB written at most`,
          isRight: [...errors.keys()].every((error) => error === null) && most <= MAX_HUGE_MIB * MIB,
        };
      };
    },
  },
  ofEndpoint('redirect', 'an endpoint redirects to 169.254.169.254', local('/redirect'), ['redirect']),
  {
    name: 'rebind',
    meaning:
      'the name of an endpoint has an allowed address at first, then 0.0.0.0, which reaches the same listener',
    async begin(fleet) {
      let connections = 0;
      const listener = createServer((socket) => {
        connections += 1;
        socket.on('error', () => undefined).destroy();
      });
      listener.listen(0, '127.0.0.1');
      await once(listener, 'listening');
      const { port } = listener.address() as AddressInfo;
      const { id } = await createEndpoint(fleet, `https://rebound.example:${port}/`);
      return async () => {
        try {
          const isSeen = async () => {
            const errors = await errorsOf(fleet, id);
            return errors.has('connection_error') && errors.has('address_refused');
          };
          await until(isSeen, WAIT_MS).catch(() => undefined);
          const errors = await errorsOf(fleet, id);
          const isExpected = [...errors.keys()].every(
            (error) => error === 'connection_error' || error === 'address_refused',
          );
          return {
            happened: `${formatErrors(errors)}, ${connections} connections`,
            // Each process connects once, to the first address that it resolves, and never to the second.
            isRight: isExpected && (await isSeen()) && connections > 0 && connections <= fleet.apis.length,
          };
        } finally {
          await fleet.client.webhookEndpoints.delete(id);
          listener.close();
        }
      };
    },
  },
  ofEndpoint(
    'certificate',
    'an endpoint has a certificate that nobody trusts',
    (fleet) => fleet.receiver.untrustedUrl,
    ['tls_error'],
  ),
  {
    name: 'dead',
    meaning: `${MANY_EVENTS} events for an endpoint that refuses connections`,
    async begin(fleet) {
      const { id } = await createEndpoint(fleet, 'http://127.0.0.1:1/', ['credits.low']);
      await fleet.appendEvents(MANY_EVENTS);
      await fleet.endSession();
      return async () => {
        const pending = async () => (await statusesOf(fleet, id)).get('pending') ?? 0;
        await until(async () => (await pending()) === MANY_EVENTS, WAIT_MS);
        await until(async () => (await errorsOf(fleet, id)).size > 0, WAIT_MS).catch(() => undefined);
        const errors = await errorsOf(fleet, id);
        const attempts = [...errors.values()].reduce((sum, count) => sum + count, 0);
        await fleet.client.webhookEndpoints.delete(id);
        return {
          happened: `${MANY_EVENTS} wait, ${attempts} attempts`,
          isRight: attempts > 0 && attempts < 100 && attempts === errors.get('connection_error'),
        };
      };
    },
  },
  {
    name: 'kill',
    meaning: 'kill -9 of both processes between an attempt and its record',
    killsProcesses: true,
    async begin(fleet) {
      const { id } = await createEndpoint(fleet, local('/killed')(fleet));
      const kills: Promise<unknown>[] = [];
      fleet.receiver.behaviours.set('/killed', (response) => {
        if (kills.length === 0) kills.push(...fleet.apis.map((_, index) => fleet.kill(index)));
        else response.writeHead(204).end();
      });
      await fleet.endSession().catch(() => undefined);
      await until(() => kills.length > 0);
      await Promise.all(kills);
      for (const index of fleet.apis.keys()) await fleet.restart(index);
      return async () => {
        const first = fleet.receiver.at('/killed')[0]?.id;
        const times = () => fleet.receiver.at('/killed').filter((arrival) => arrival.id === first).length;
        const status = () => statusOf(fleet, id, first ?? '');
        const isDelivered = async () => times() >= 2 && (await status()) === 'succeeded';
        await until(isDelivered, WAIT_MS).catch(() => undefined);
        const happened = `the event of the kill arrived ${times()} times, its delivery is ${await status()}`;
        const isRight = await isDelivered();
        await fleet.client.webhookEndpoints.delete(id);
        return { happened, isRight };
      };
    },
  },
  {
    name: 'clock',
    meaning:
      'the clock of the only process is an hour ahead (a preload, because faketime is not in the registry)',
    killsProcesses: true,
    async begin(fleet) {
      const path = '/healthy/shifted';
      const { id, secret } = await createEndpoint(fleet, local(path)(fleet));
      fleet.receiver.verify(path, secret);
      for (const index of fleet.apis.keys()) await fleet.kill(index);
      // From here on, only the restarted process can deliver.
      const before = fleet.receiver.at(path).length;
      await fleet.restart(1, { preload: CLOCK, CLOCK_SHIFT_MS: String(HOUR_MS) });
      return async () => {
        const arrivals = fleet.receiver.at(path).slice(before);
        const verified = arrivals.filter(({ verifiedBy }) => verifiedBy.has(secret)).length;
        await fleet.client.webhookEndpoints.delete(id);
        await fleet.kill(1);
        for (const index of fleet.apis.keys()) await fleet.restart(index);
        return {
          happened: `the shifted process delivered ${arrivals.length}, ${verified} with the time of the database`,
          isRight: arrivals.length > 0 && verified === arrivals.length,
        };
      };
    },
  },
  {
    name: 'rotate',
    meaning: 'the secret is rotated in the middle of retries',
    async begin(fleet) {
      const { id, secret } = await createEndpoint(fleet, local('/rotated')(fleet));
      fleet.receiver.verify('/rotated', secret);
      fleet.receiver.behaviours.set('/rotated', (response) => response.writeHead(500).end());
      await fleet.endSession();
      await until(() => fleet.receiver.at('/rotated').length > 0, WAIT_MS);
      const rotated = await fleet.client.webhookEndpoints.rotateSecret(id);
      fleet.receiver.verify('/rotated', rotated.secret);
      const before = fleet.receiver.at('/rotated');
      // Attempts in progress use the secret they began with; a retry begins seconds later.
      const attempted = new Set(before.map((arrival) => arrival.id));
      fleet.receiver.behaviours.set('/rotated', (response) => response.writeHead(204).end());
      return async () => {
        const retries = () =>
          fleet.receiver
            .at('/rotated')
            .slice(before.length)
            .filter((arrival) => attempted.has(arrival.id));
        await until(() => retries().length > 0, WAIT_MS);
        const both = retries().filter((arrival) =>
          [secret, rotated.secret].every((each) => arrival.verifiedBy.has(each)),
        ).length;
        await fleet.client.webhookEndpoints.delete(id);
        const unsigned = retries().filter((arrival) => !arrival.verifiedBy.has(rotated.secret)).length;
        return {
          happened: `${both} of ${retries().length} retries have both signatures, ${unsigned} not the new one`,
          isRight: both === retries().length,
        };
      };
    },
  },
  {
    name: 'delete',
    meaning: 'an endpoint is deleted while deliveries to it are pending',
    async begin(fleet) {
      const { id } = await createEndpoint(fleet, local('/fail')(fleet));
      for (let count = 0; count < 5; count += 1) await fleet.endSession();
      await until(async () => ((await statusesOf(fleet, id)).get('pending') ?? 0) > 0, WAIT_MS);
      await fleet.client.webhookEndpoints.delete(id);
      const before = fleet.receiver.at('/fail').length;
      return async () => {
        await until(async () => (await statusesOf(fleet, id)).size === 0, WAIT_MS);
        const after = fleet.receiver.at('/fail').length - before;
        // One attempt may have been in progress.
        return { happened: `no delivery remains, ${after} attempts after it`, isRight: after <= 1 };
      };
    },
  },
  {
    name: 'reader',
    meaning: `a stream reader never reads while ${UNREAD_EVENTS} events happen, and another one does`,
    async begin(fleet) {
      const [api] = fleet.apis;
      if (api === undefined) throw new Error('No API process was started.');
      const reader = await openStream(...streamOf(fleet, fleet.keys.test, 'credits.low'));
      const socket = await openUnreadStream(api.url, fleet.keys.test);
      let isCut = false;
      socket.once('close', () => {
        isCut = true;
      });
      const appended = await fleet.appendEvents(UNREAD_EVENTS);
      return async () => {
        const started = performance.now();
        // A paused socket detects its end when it writes.
        await until(() => {
          socket.write('\r\n');
          return isCut;
        }, WAIT_MS).catch(() => undefined);
        const seconds = ((performance.now() - started) / 1000).toFixed(0);
        socket.destroy();
        await until(() => hasAll(reader, appended), WAIT_MS).catch(() => undefined);
        reader.close();
        const isRunning = fleet.apis[0] === api && !hasExited(api.child);
        const happened = [
          isCut ? `cut off ${seconds} s after the load` : 'not cut off',
          `the other reader got ${reader.events.length} of ${appended.length} events`,
          `the process ${isRunning ? 'runs' : 'has ended'}`,
        ];
        return { happened: happened.join(', '), isRight: isCut && hasAll(reader, appended) && isRunning };
      };
    },
  },
  {
    name: 'streams',
    meaning: `${STREAMS} streams on one process`,
    async begin(fleet) {
      const keys = await Promise.all(
        Array.from({ length: STREAMS / STREAMS_OF_KEY }, () =>
          fleet.client.apiKeys.create({ name: 'streams', scopes: ['sessions:read'] }),
        ),
      );
      const after = await fleet.lastSequence();
      // The number of concurrent requests of an organisation is limited.
      const limit = pLimit(STREAMS_OPENED_AT_ONCE);
      const secrets = keys.flatMap(({ secret }) => Array.from({ length: STREAMS_OF_KEY }, () => secret));
      const readers = await Promise.all(
        secrets.map((secret) => limit(() => openStream(...streamOf(fleet, secret, 'session.canceled')))),
      );
      return async () => {
        const appended = await fleet.eventIds('session.canceled', after);
        const complete = () => readers.filter((reader) => hasAll(reader, appended)).length;
        await until(() => complete() === STREAMS, WAIT_MS).catch(() => undefined);
        const happened = `${complete()} of ${STREAMS} had all ${appended.length} events`;
        const isRight = complete() === STREAMS && appended.length > 0;
        for (const reader of readers) reader.close();
        for (const { id } of keys) await fleet.client.apiKeys.delete(id);
        return { happened, isRight };
      };
    },
  },
];

function createEndpoint(
  fleet: WebhookFleet,
  url: string,
  types: Schemas['EventType'][] = ['session.canceled'],
): Promise<Schemas['WebhookEndpointWithSecret']> {
  return fleet.client.webhookEndpoints.create({ url, event_types: types });
}

function formatErrors(errors: ReadonlyMap<string | null, number>): string {
  return [...errors].map(([error, count]) => `${count} × ${error ?? 'success'}`).join(', ');
}

/** Returns how often each error, or success, is in the attempts at an endpoint. */
async function errorsOf({ database }: WebhookFleet, id: string): Promise<Map<string | null, number>> {
  const { rows } = await database.query<{ error: string | null; count: number }>(
    `SELECT attempt ->> 'error' AS error, count(*)::int AS count
       FROM webhook_deliveries, jsonb_array_elements(attempts) AS attempt WHERE endpoint_id = $1 GROUP BY 1`,
    [id],
  );
  return new Map(rows.map(({ error, count }) => [error, count]));
}

async function statusesOf({ database }: WebhookFleet, id: string): Promise<Map<string, number>> {
  const { rows } = await database.query<{ status: string; count: number }>(
    `SELECT status, count(*)::int AS count FROM webhook_deliveries WHERE endpoint_id = $1 GROUP BY 1`,
    [id],
  );
  return new Map(rows.map(({ status, count }) => [status, count]));
}

/** Returns the status of the delivery of an event to an endpoint. */
async function statusOf({ database }: WebhookFleet, id: string, eventId: string): Promise<string> {
  const { rows } = await database.query<{ status: string }>(
    'SELECT status FROM webhook_deliveries WHERE endpoint_id = $1 AND event_id = $2',
    [id, eventId],
  );
  return rows[0]?.status ?? 'missing';
}

/** Returns the arguments of `openStream` for the events of a type on the first process. */
function streamOf({ apis, keys }: WebhookFleet, key: string, type: string): Parameters<typeof openStream> {
  return [{ url: apis[0]?.url ?? '', keys }, `?type=${type}`, { key }];
}

/** Returns whether a reader got each of the events once, in order, and no others. */
function hasAll({ events }: StreamReader, ids: readonly string[]): boolean {
  return events.length === ids.length && events.every(({ id }, index) => id === ids[index]);
}

/** Opens an event stream and reads only the beginning of the response. */
async function openUnreadStream(address: string, key: string): Promise<Socket> {
  const url = new URL(address);
  const socket = connect(Number(url.port), url.hostname);
  socket
    .on('error', () => undefined)
    .write(`GET /v1/events/stream HTTP/1.1\r\nHost: ${url.host}\r\nAuthorization: Bearer ${key}\r\n\r\n`);
  const [beginning] = (await once(socket, 'data')) as [Buffer];
  socket.pause();
  const [statusLine = ''] = beginning.toString().split('\r\n', 1);
  if (!statusLine.startsWith('HTTP/1.1 200 ')) {
    socket.destroy();
    throw new Error(`The stream was rejected: ${statusLine}`);
  }
  return socket;
}
