import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { interlacedImage } from '@greenroom/api/testing/images';
import { sessionCreate } from '@greenroom/testing';

import { exchange, postJson, type Exchange } from './exchange.ts';
import { flood } from './flood.ts';
import { hostileBodies } from './hostile-bodies.ts';
import { keepConnectionsOpen } from './raw-connections.ts';
import type { ReceivedResponse } from './tally.ts';

export interface AbuseContext {
  urls: readonly string[];
  /** The abuser's API key. */
  key: string;
  signal: AbortSignal;
  record: (response: ReceivedResponse) => void;
}

/** A way in which one organisation takes more than its share. */
export interface Abuse {
  readonly name: string;
  readonly meaning: string;
  /** Resolves with a function that abuses the service until the signal aborts. */
  prepare(context: AbuseContext): Promise<() => Promise<void>>;
}

/** Ten times the rate limit of a key. */
const FLOOD_PER_SECOND = 1000;
const FLOOD_CONNECTIONS = 64;
const SLOW_CONNECTIONS = 300;
const SLOW_BYTE_MS = 400;
const LISTED_SESSIONS = 100;
/** Requests per connection, sent without waiting for responses. */
const UNREAD_LISTS = 4;
const HOSTILE_CONNECTIONS = 32;
const HOSTILE_PER_SECOND = 100;
const CREATING_CONNECTIONS = 32;
const CREATING_PER_SECOND = 100;
const CONCURRENT_ENDS = 200;
const WAVE_INTERVAL_MS = 1000;
const PICTURE_CONNECTIONS = 16;
/** The rate limit of a key. */
const PICTURES_PER_SECOND = 100;
/** Width and height in pixels of the largest accepted interlaced PNG with 16 bits per sample. */
const PICTURE_SIDE = 4400;
const ANONYMOUS_PER_SECOND = 2000;
const IDLE_CONNECTIONS = 1000;

/** The abuses of `pnpm faults abuse`. */
export const abuses: readonly Abuse[] = [
  {
    name: 'slow senders',
    meaning: `${SLOW_CONNECTIONS} connections send the body of a create, one byte every ${SLOW_BYTE_MS} ms`,
    prepare: ({ key, ...context }) =>
      Promise.resolve(() =>
        keepConnectionsOpen({ ...context, connections: SLOW_CONNECTIONS }, (socket) => {
          socket.write(
            `${head('POST', '/v1/sessions', key)}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`,
          );
          const trickle = setInterval(() => socket.write(' '), SLOW_BYTE_MS);
          socket.on('close', () => {
            clearInterval(trickle);
          });
        }),
      ),
  },
  {
    name: 'slow readers',
    meaning: `${SLOW_CONNECTIONS} connections request ${UNREAD_LISTS} lists each and read no response`,
    async prepare({ key, ...context }) {
      await createAndEnd({ ...context, key }, LISTED_SESSIONS);
      const request = `${head('GET', '/v1/sessions?limit=100', key)}\r\n`;
      return () =>
        keepConnectionsOpen({ ...context, connections: SLOW_CONNECTIONS, reads: false }, (socket) => {
          socket.write(request.repeat(UNREAD_LISTS));
        });
    },
  },
  {
    name: 'hostile bodies',
    meaning: `${HOSTILE_PER_SECOND} bodies per second that are as expensive to process as their size allows`,
    prepare({ urls, key, signal, record }) {
      const bodies = hostileBodies();
      const agent = new Agent({ keepAlive: true });
      let count = 0;
      return Promise.resolve(() =>
        flood(
          { connections: HOSTILE_CONNECTIONS, perSecond: HOSTILE_PER_SECOND, signal },
          async (connection) => {
            const hostile = bodies[(count += 1) % bodies.length];
            if (hostile === undefined) return;
            const url = `${urlOf(urls, connection)}${hostile.path}`;
            const { headers, body } = hostile;
            record(responseOf(await exchange({ url, method: 'POST', key, headers, body, agent })));
          },
        ),
      );
    },
  },
  {
    name: 'list flood',
    meaning: `${FLOOD_PER_SECOND} lists per second over ${FLOOD_CONNECTIONS} connections, ten times the limit`,
    async prepare(context) {
      const { urls, key, signal, record } = context;
      await createAndEnd(context, LISTED_SESSIONS);
      const agent = new Agent({ keepAlive: true });
      return () =>
        flood({ connections: FLOOD_CONNECTIONS, perSecond: FLOOD_PER_SECOND, signal }, async (connection) => {
          const url = `${urlOf(urls, connection)}/v1/sessions?limit=100`;
          record(responseOf(await exchange({ url, key, agent })));
        });
    },
  },
  {
    name: 'create/end flood',
    meaning: `${CREATING_PER_SECOND} creates per second, each ended, and ${CONCURRENT_ENDS} concurrent ends of one session every second`,
    prepare(context) {
      const { signal } = context;
      const agent = new Agent({ keepAlive: true });
      return Promise.resolve(async () => {
        await Promise.all([
          flood({ connections: CREATING_CONNECTIONS, perSecond: CREATING_PER_SECOND, signal }, (connection) =>
            createThenEnd(context, agent, connection),
          ),
          wavesOfEnds(context, agent),
        ]);
      });
    },
  },
  {
    name: 'picture flood',
    meaning: `${PICTURE_CONNECTIONS} connections upload interlaced 16-bit PNGs of ${PICTURE_SIDE} × ${PICTURE_SIDE} pixels`,
    async prepare({ urls, key, signal, record }) {
      const { headers, body } = formOf(await interlacedImage(PICTURE_SIDE));
      const agent = new Agent({ keepAlive: true });
      return () =>
        flood(
          { connections: PICTURE_CONNECTIONS, perSecond: PICTURES_PER_SECOND, signal },
          async (connection) => {
            const url = `${urlOf(urls, connection)}/v1/avatars`;
            const uploaded = await exchange({ url, method: 'POST', key, headers, body, agent });
            record(responseOf(uploaded));
            if (uploaded.status !== 202) return;
            // The number of avatars of an organisation is limited.
            const { id } = JSON.parse(uploaded.body) as { id: string };
            record(responseOf(await exchange({ url: `${url}/${id}`, method: 'DELETE', key, agent })));
          },
        );
    },
  },
  {
    name: 'anonymous flood',
    meaning: `${ANONYMOUS_PER_SECOND} requests per second without a key or with a random one`,
    prepare({ urls, signal, record }) {
      const agent = new Agent({ keepAlive: true });
      return Promise.resolve(() =>
        flood(
          { connections: FLOOD_CONNECTIONS, perSecond: ANONYMOUS_PER_SECOND, signal },
          async (connection) => {
            const key =
              Math.floor(connection / urls.length) % 2 === 0
                ? null
                : `sk_test_${randomBytes(32).toString('base64url')}`;
            const url = `${urlOf(urls, connection)}/v1/sessions`;
            record(responseOf(await exchange({ url, key, agent })));
          },
        ),
      );
    },
  },
  {
    name: 'idle connections',
    meaning: `${IDLE_CONNECTIONS} connections, half of which send half a header and the others nothing`,
    prepare: ({ key, ...context }) =>
      Promise.resolve(() =>
        keepConnectionsOpen({ ...context, connections: IDLE_CONNECTIONS }, (socket, connection) => {
          const isSilent = Math.floor(connection / context.urls.length) % 2 === 0;
          if (!isSilent) socket.write(`${head('GET', '/v1/sessions', key)}X-Half: `);
        }),
      ),
  },
];

function urlOf(urls: readonly string[], connection: number): string {
  return urls[connection % urls.length] ?? '';
}

function head(method: string, path: string, key: string): string {
  return `${method} ${path} HTTP/1.1\r\nHost: greenroom\r\nAuthorization: Bearer ${key}\r\n`;
}

function responseOf({ status, headers, body }: Exchange): ReceivedResponse {
  return { status, retryAfter: headers['retry-after'], body };
}

async function createThenEnd(
  { urls, key, record }: AbuseContext,
  agent: Agent,
  connection: number,
): Promise<void> {
  const url = `${urlOf(urls, connection)}/v1/sessions`;
  const created = await postJson({ url, key, agent }, await sessionCreate());
  record(responseOf(created));
  if (created.status !== 201) return;
  const { id } = JSON.parse(created.body) as { id: string };
  record(responseOf(await exchange({ url: `${url}/${id}/end`, method: 'POST', key, agent })));
}

/** Creates a session for each wave, or ends the latest one again when the create fails. */
async function wavesOfEnds({ urls, key, signal, record }: AbuseContext, agent: Agent): Promise<void> {
  let id: string | null = null;
  while (!signal.aborted) {
    const dueAtMs = performance.now() + WAVE_INTERVAL_MS;
    const created = await postJson(
      { url: `${urlOf(urls, 0)}/v1/sessions`, key, agent },
      await sessionCreate(),
    );
    record(responseOf(created));
    if (created.status === 201) ({ id } = JSON.parse(created.body) as { id: string });
    const path = `/v1/sessions/${id ?? ''}/end`;
    const end = async (_: unknown, connection: number): Promise<void> => {
      const url = `${urlOf(urls, connection)}${path}`;
      record(responseOf(await exchange({ url, method: 'POST', key, agent })));
    };
    if (id !== null) await Promise.all(Array.from({ length: CONCURRENT_ENDS }, end));
    await delay(Math.max(0, dueAtMs - performance.now()));
  }
}

/** Fills the abuser's list of sessions. */
async function createAndEnd(context: AbuseContext, count: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  await Promise.all(
    Array.from({ length: count }, (_, connection) =>
      createThenEnd({ ...context, record: () => undefined }, agent, connection),
    ),
  );
  agent.destroy();
}

function formOf(picture: Buffer): { headers: Record<string, string>; body: Buffer } {
  return {
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    body: Buffer.concat([
      Buffer.from('--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nHost\r\n'),
      Buffer.from('--b\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'),
      picture,
      Buffer.from('\r\n--b--\r\n'),
    ]),
  };
}
