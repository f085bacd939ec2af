import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { expect, test } from '@jest/globals';
import express from 'express';

import { deprecationSteps, type Deprecation } from './deprecation.ts';

async function headersOf(deprecation: Deprecation | null): Promise<Headers> {
  const app = express();
  app.get('/', ...deprecationSteps(deprecation), (_request, response) => {
    response.status(404).end();
  });
  const server = app.listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return (await fetch(`http://127.0.0.1:${port}/`)).headers;
  } finally {
    server.close();
  }
}

test('responses of a deprecated operation, errors included, have its dates of deprecation and removal', async () => {
  const headers = await headersOf({ deprecatedOn: '2026-06-30', sunsetOn: '2027-01-31' });
  expect(headers.get('deprecation')).toBe('@1782777600');
  expect(headers.get('sunset')).toBe('Sun, 31 Jan 2027 00:00:00 GMT');
});

test('responses of other operations have no deprecation header', async () => {
  const headers = await headersOf(null);
  expect([headers.has('deprecation'), headers.has('sunset')]).toEqual([false, false]);
});
