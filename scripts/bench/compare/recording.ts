import { setTimeout as delay } from 'node:timers/promises';

import type { ServerProcess } from '../../server-process.ts';
import type { LoadRequest } from './load.ts';

/** A statement that the server sent, with its values and the number of its rows. */
export interface Statement {
  text: string;
  values: unknown[];
  rowCount: number | null;
  /** Whether it was sent without waiting for the previous statement of its connection. */
  isPipelined: boolean;
}

/** A request, and how the server handled it. */
export interface Exchange {
  request: LoadRequest;
  status: number;
  response: unknown;
  statements: Statement[];
}

/** The statements of an operation, from two requests: their differences show which values come from the request. */
export interface Recording {
  first: Exchange;
  second: Exchange;
}

/** How often a request is recorded: background work may add statements to some of them. */
const ATTEMPTS = 8;
/** Time for statements that follow a response, such as notifications. */
const SETTLE_MS = 50;

/**
 * Records requests to a server that preloads `record-statements.mjs`. Notifications are left out: they follow the
 * transaction, one for many sessions.
 *
 * @throws {Error} when a response is not a 2xx
 */
export async function record(
  server: ServerProcess,
  requests: (count: number) => Promise<LoadRequest[]>,
): Promise<Recording> {
  // Warms up: the first request of an organisation causes additional queries.
  for (const request of await requests(ATTEMPTS)) await send(server.url, request);
  await delay(SETTLE_MS);
  const exchanges: Exchange[] = [];
  for (const request of await requests(ATTEMPTS)) {
    await server.ask('take');
    const exchange = await send(server.url, request);
    const statements = (await server.ask('take')) as Statement[];
    exchanges.push({ ...exchange, statements: statements.filter(({ text }) => !text.includes('pg_notify')) });
    await delay(SETTLE_MS);
  }
  const fewest = Math.min(...exchanges.map(({ statements }) => statements.length));
  const [first, second] = exchanges.filter(({ statements }) => statements.length === fewest);
  if (first === undefined || second === undefined) throw new Error('No request was recorded twice.');
  return { first, second };
}

/**
 * Sends one request.
 *
 * @throws {Error} when the response is not a 2xx
 */
export async function send(url: string, request: LoadRequest): Promise<Omit<Exchange, 'statements'>> {
  const { method, path, key, body } = request;
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) {
    throw new Error(`${method} ${path} returned ${response.status}: ${await response.text()}`);
  }
  return { request, status: response.status, response: await response.json() };
}
