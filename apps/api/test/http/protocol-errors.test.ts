import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

import { until } from '@greenroom/testing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { protocolErrors } from '../../src/http/protocol-errors.ts';

let server: Server;
let client: Socket;

beforeEach(async () => {
  server = createServer();
  server.on('clientError', protocolErrors({ limitHeaders: () => new Map(), canRespond: () => true }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
  client.on('error', () => undefined);
  await once(client, 'connect');
});
afterEach(() => {
  client.destroy();
  server.close();
});

async function openConnections(): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}

test('after a protocol error the socket of a client that neither reads nor closes is destroyed', async () => {
  client.pause().write('not http\r\n\r\n');
  await once(server, 'clientError');
  expect(await openConnections()).toBe(1);
  await until(async () => (await openConnections()) === 0, 20_000);
});

test('a client that reads slowly still gets the response instead of a reset', async () => {
  client.pause().write('not http\r\n\r\n');
  await once(server, 'clientError');
  // These bytes arrive after the error and are not read.
  client.write('x'.repeat(10_000));
  client.setEncoding('utf8').resume();
  let received = '';
  client.on('data', (text: string) => (received += text));
  await once(client, 'end');
  expect(received).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  client.end();
  await until(async () => (await openConnections()) === 0, 20_000);
});
