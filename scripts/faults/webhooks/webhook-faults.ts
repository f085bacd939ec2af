import { connect } from 'node:net';

import type { Schemas } from '@greenroom/client';
import { verifyWebhook } from '@greenroom/client/webhooks';
import { until } from '@greenroom/testing';

import type { WebhookFleet } from './webhook-fleet.ts';

/** What was seen of a fault. */
export interface Outcome {
  happened: string;
  isRight: boolean;
}

/** A fault of endpoints, processes or readers. */
export interface WebhookFault {
  name: string;
  meaning: string;
  /** Begins the fault. Resolves with a function that ends it and returns what was seen. */
  begin: (fleet: WebhookFleet) => Promise<() => Promise<Outcome>>;
}

const MANY_EVENTS = 10_000;
/** More than the buffers of a connection hold. */
const UNREAD_EVENTS = 30_000;
const STREAMS = 500;
const STREAMS_OF_KEY = 100;
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
        const happened = [...errors].map(([error, count]) => `${count} × ${error ?? 'success'}`).join(', ');
        return { happened, isRight: [...errors.keys()].every((error) => expected.includes(error)) };
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
  ofEndpoint('huge', 'an endpoint responds with 1 GB', local('/huge'), [null]),
  ofEndpoint('redirect', 'an endpoint redirects to 169.254.169.254', local('/redirect'), ['redirect']),
  ofEndpoint(
    'rebind',
    'the name of an endpoint has a public address at first, then 169.254.169.254',
    () => 'https://rebound.example/',
    ['connection_error', 'timeout', 'tls_error', 'address_refused'],
  ),
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
        const attempts = [...(await errorsOf(fleet, id)).values()].reduce((sum, count) => sum + count, 0);
        await fleet.client.webhookEndpoints.delete(id);
        return { happened: `${MANY_EVENTS} wait, ${attempts} attempts`, isRight: attempts < 100 };
      };
    },
  },
  {
    name: 'kill',
    meaning: 'kill -9 of both processes between an attempt and its record',
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
        await until(() => times() >= 2, WAIT_MS);
        await fleet.client.webhookEndpoints.delete(id);
        return { happened: `the event of the kill arrived ${times()} times`, isRight: true };
      };
    },
  },
  {
    name: 'clock',
    meaning:
      'the clock of one process jumps an hour ahead (a preload, because faketime is not in the registry)',
    async begin(fleet) {
      const { id, secret } = await createEndpoint(fleet, local('/healthy/shifted')(fleet));
      await fleet.kill(1);
      await fleet.restart(1, { preload: CLOCK, CLOCK_SHIFT_MS: String(HOUR_MS) });
      return async () => {
        const arrivals = fleet.receiver.at('/healthy/shifted');
        const verified = arrivals.filter((arrival) => isVerified(arrival, secret)).length;
        await fleet.client.webhookEndpoints.delete(id);
        await fleet.kill(1);
        await fleet.restart(1);
        return {
          happened: `${verified} of ${arrivals.length} signatures have the time of the database`,
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
      fleet.receiver.behaviours.set('/rotated', (response) => response.writeHead(500).end());
      await fleet.endSession();
      await until(() => fleet.receiver.at('/rotated').length > 0, WAIT_MS);
      const rotated = await fleet.client.webhookEndpoints.rotateSecret(id);
      const before = fleet.receiver.at('/rotated');
      // Attempts that were in progress have the secret they began with; a retry of one begins seconds after it.
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
          [secret, rotated.secret].every((each) => isVerified(arrival, each)),
        ).length;
        await fleet.client.webhookEndpoints.delete(id);
        const expired = retries().filter((arrival) => !isVerified(arrival, rotated.secret)).length;
        return {
          happened: `${both} of ${retries().length} retries have both signatures, ${expired} not the new one`,
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
        // One may have been in progress.
        return { happened: `no delivery remains, ${after} attempts after it`, isRight: after <= 1 };
      };
    },
  },
  {
    name: 'reader',
    meaning: `a stream reader never reads while ${UNREAD_EVENTS} events happen`,
    async begin(fleet) {
      const url = new URL(fleet.apis[0]?.url ?? '');
      const socket = connect(Number(url.port), url.hostname);
      let isCut = false;
      socket
        .on('error', () => undefined)
        .once('close', () => {
          isCut = true;
        });
      socket.write(
        `GET /v1/events/stream HTTP/1.1\r\nHost: ${url.host}\r\nAuthorization: Bearer ${fleet.key}\r\n\r\n`,
      );
      socket.pause();
      await fleet.appendEvents(UNREAD_EVENTS);
      return async () => {
        const started = performance.now();
        // A paused socket notices its end when it writes.
        await until(() => {
          socket.write('\r\n');
          return isCut;
        }, WAIT_MS).catch(() => undefined);
        socket.destroy();
        const seconds = ((performance.now() - started) / 1000).toFixed(0);
        return { happened: isCut ? `cut off, ${seconds} s after the load` : 'not cut off', isRight: isCut };
      };
    },
  },
  {
    name: 'streams',
    meaning: `${STREAMS} streams on one process`,
    async begin(fleet) {
      const controller = new AbortController();
      const keys = await Promise.all(
        Array.from({ length: STREAMS / STREAMS_OF_KEY }, () =>
          fleet.client.apiKeys.create({ name: 'streams', scopes: ['sessions:read'] }),
        ),
      );
      const counts = await Promise.all(
        keys.flatMap(({ secret }) =>
          Array.from({ length: STREAMS_OF_KEY }, () => countEvents(fleet, secret, controller.signal)),
        ),
      );
      return async () => {
        const most = () => Math.max(...counts.map(({ events }) => events));
        const complete = () => counts.filter(({ events }) => events === most()).length;
        await until(() => complete() === STREAMS, WAIT_MS).catch(() => undefined);
        controller.abort();
        for (const { id } of keys) await fleet.client.apiKeys.delete(id);
        return {
          happened: `${complete()} of ${STREAMS} had all ${most()} events`,
          isRight: complete() === STREAMS && most() > 0,
        };
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

function isVerified({ body, headers }: { body: string; headers: object }, secret: string): boolean {
  try {
    verifyWebhook(body, headers as Record<string, string>, secret);
    return true;
  } catch {
    return false;
  }
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

/** Opens a stream of canceled sessions on the first process, and counts its events. */
async function countEvents(
  { apis }: WebhookFleet,
  key: string,
  signal: AbortSignal,
): Promise<{ events: number }> {
  const response = await fetch(`${apis[0]?.url ?? ''}/v1/events/stream?type=session.canceled`, {
    headers: { Authorization: `Bearer ${key}` },
    signal,
  });
  const counted = { events: 0 };
  const read = async () => {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      counted.events += chunk.split('event: ').length - 1;
    }
  };
  read().catch(() => undefined);
  return counted;
}
