import { startTestServer, type TestServer } from '@greenroom/api/testing';
import { operationsOf, publicDocument } from '@greenroom/contract/document';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import type { Collection } from '../../src/machine/postman/collection-format.ts';
import { isStream, postmanCollection } from '../../src/machine/postman/postman-collection.ts';
import { startMediaWorker } from '../harness/media-worker.ts';
import { ownObject } from '../harness/own-objects.ts';
import { runCollection } from '../harness/run-collection.ts';
import { declaredSuccess } from '../harness/success.ts';

const document = publicDocument();
const collection = postmanCollection(document);
const operations = operationsOf(document).filter((operation) => !isStream(document, operation));
const items = collection.item.flatMap(({ item }) => item);

let server: TestServer;
let stopMediaWorker: () => Promise<void>;
beforeAll(async () => {
  server = await startTestServer();
  stopMediaWorker = await startMediaWorker(server);
});
afterAll(async () => {
  await stopMediaWorker();
  await server.close();
});

/** Returns the collection with the ids of existing objects, as a reader fills it in. */
async function withOwnObjects(): Promise<Collection> {
  const filled = structuredClone(collection);
  for (const { request } of filled.item.flatMap(({ item }) => item)) {
    for (const variable of request.url.variable) variable.value = await ownObject(server, variable.key);
  }
  return filled;
}

test('every operation except streams has a request in the folder of its tag', () => {
  const expected = operations.map(({ object }) => [object.tags?.[0], object.operationId]);
  const found = collection.item.flatMap(({ name, item }) => item.map(({ id }) => [name, id]));
  expect(found.sort()).toEqual(expected.sort());
});

test('every request returns its documented success in Postman’s own runner', async () => {
  const executions = await runCollection(await withOwnObjects(), {
    baseUrl: server.url,
    apiKey: server.keys.test,
  });
  const expected = operations.map((operation) => [
    operation.object.operationId,
    declaredSuccess(document, operation).status,
  ]);
  const seen = executions.map(({ item, response, requestError }) => [
    item.id,
    response?.code ?? requestError?.message,
  ]);
  expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(expected));
});

test('an optional parameter is included and disabled', () => {
  const list = items.find(({ id }) => id === 'sessions.list');
  const limit = list?.request.url.query.find(({ key }) => key === 'limit');
  expect(limit).toMatchObject({ value: '20', disabled: true });
});

test('the documented success is saved with the request', () => {
  const create = items.find(({ id }) => id === 'sessions.create');
  expect(create?.response.map(({ code }) => code)).toEqual([201]);
  expect(JSON.parse(create?.response[0]?.body ?? '')).toMatchObject({ object: 'session', status: 'queued' });
});

test('the user of the collection sets the key', () => {
  expect(collection.variable.find(({ key }) => key === 'apiKey')?.value).toBe('');
});

test('the same document makes the same collection', () => {
  expect(JSON.stringify(postmanCollection(publicDocument()))).toBe(JSON.stringify(collection));
});
