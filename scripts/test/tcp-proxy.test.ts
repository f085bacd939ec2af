import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setImmediate as immediate } from 'node:timers/promises';

import { startTcpProxy } from '@greenroom/testing';
import { expect, test } from '@jest/globals';

test('data keeps its order when a delay begins and ends between its chunks', async () => {
  let received = '';
  const server = createServer((socket) => {
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await startTcpProxy((server.address() as AddressInfo).port);
  const client = connect({ port: proxy.port, host: '127.0.0.1', noDelay: true });
  await once(client, 'connect');
  const chunks = Array.from({ length: 100 }, (_, index) => `${index},`);
  for (const [index, chunk] of chunks.entries()) {
    proxy.slowDown(index % 10 === 0 ? 5 : 0);
    client.write(chunk);
    // The proxy reads each chunk separately.
    for (let turn = 0; turn < 5; turn += 1) await immediate();
  }
  while (received.length < chunks.join('').length) await immediate();
  client.destroy();
  await proxy.close();
  server.close();
  expect(received).toBe(chunks.join(''));
});
