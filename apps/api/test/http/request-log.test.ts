import { once } from 'node:events';

import { mintWorkerToken, until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { MAX_PIPELINED } from '../../src/http/connection-limits.ts';
import { rawConnection } from '../harness/raw-connection.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
}, 60_000);
afterAll(() => server.close());

test('a secret in a path is masked in the log', async () => {
  const token = await mintWorkerToken({ room: 'r' });
  const secrets = [server.keys.live, token.slice(0, 100), token.split('.')[2] ?? ''];
  const paths = [
    `/v1/api_keys/${server.keys.live}`,
    `/v1/api_keys/${token}`,
    `/v1/Bearer%20${server.keys.live}`,
    `/v1/api_keys/${server.keys.live.replaceAll('_', '%5F')}`,
  ];
  for (const path of paths) await server.request(path, { method: 'DELETE' });
  const ofRequests = () => server.logLines.filter((line) => line.includes('"method":"DELETE"'));
  await until(() => ofRequests().length === paths.length);
  const lines = ofRequests().join('');
  expect(lines).toContain('"path":"/v1/api_keys/sk_live_…","operation":"apiKeys.delete"');
  for (const secret of secrets) expect(lines).not.toContain(secret);
  expect(lines).not.toContain(server.keys.live.slice('sk_live_'.length));
});

const requestTo = (path: string) =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${server.keys.test}\r\n\r\n`;

const linesOf = (path: string) =>
  server.logLines
    .filter((line) => line.includes(`"path":"${path}"`))
    .map((line) => JSON.parse(line) as { time: number; duration_ms: number; aborted?: true });

const open = (count: number) => Promise.all(Array.from({ length: count }, () => rawConnection(server.url)));

/** Sends as many requests as a client may send at once, on several connections. */
async function flood(path: string) {
  const connections = await open(30);
  // The server has accepted all connections once it has responded.
  for (const { socket } of connections) socket.write(requestTo('/v1/first'));
  await until(() => connections.every((each) => each.received() !== ''));
  for (const { socket } of connections) socket.write(requestTo(path).repeat(MAX_PIPELINED));
  return { connections, count: connections.length * MAX_PIPELINED };
}

test('the duration of a request includes the wait for its turn', async () => {
  const path = '/v1/waiting';
  const { connections, count } = await flood(path);
  await until(() => linesOf(path).length === count);
  for (const { socket } of connections) socket.destroy();
  const [first, last] = [linesOf(path)[0], linesOf(path).at(-1)];
  const betweenMs = (last?.time ?? 0) - (first?.time ?? 0);
  // The last request waited for most of the others.
  expect(last?.duration_ms).toBeGreaterThan(betweenMs / 2);
});

test('a request whose client disconnects before its turn has a line in the log', async () => {
  const path = '/v1/disconnected';
  const others = await open(20);
  const { connections } = await flood('/v1/busy');
  for (const { socket } of others) socket.write(requestTo(path));
  await Promise.race(connections.map(({ socket }) => once(socket, 'data')));
  for (const { socket } of others) socket.destroy();
  await until(() => linesOf(path).length === others.length);
  expect(linesOf(path).filter(({ aborted }) => aborted === true)).not.toEqual([]);
  for (const { socket } of connections) socket.destroy();
});
