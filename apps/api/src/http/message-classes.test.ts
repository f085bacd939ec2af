import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, test } from '@jest/globals';
import express from 'express';

import { messageClasses } from './message-classes.ts';

test('requests and responses have Express’s prototypes from the start', async () => {
  const app = express();
  app.get('/', (request, response) => {
    response.json({ path: request.path, header: request.get('x-greeting'), app: request.app === app });
  });
  const server = createServer(messageClasses(app)).listen(0, '127.0.0.1');
  const made: boolean[] = [];
  server.on('request', (request: IncomingMessage, response) => {
    made.push(Object.getPrototypeOf(request) === app.request);
    made.push(Object.getPrototypeOf(response) === app.response);
    app(request, response);
  });
  try {
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { 'X-Greeting': 'hello' } });
    expect(await response.json()).toEqual({ path: '/', header: 'hello', app: true });
    expect(made).toEqual([true, true]);
  } finally {
    server.close();
  }
});
