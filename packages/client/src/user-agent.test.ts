import { readFile } from 'node:fs/promises';

import { expect, test } from '@jest/globals';

import { scriptedServer } from '../test/scripted-server.ts';
import { createGreenroom } from './create-greenroom.ts';
import { userAgent } from './user-agent.ts';

const apiKey = 'sk_test_0123456789abcdef';

test('requests from Node name the client with its version and Node with its version', async () => {
  await using server = await scriptedServer({ status: 200, json: [] });
  await createGreenroom({ apiKey, baseUrl: server.baseUrl }).plans.list();
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  expect(server.seen[0]?.headers['user-agent']).toBe(
    `greenroom-client/${version} node/${process.versions.node}`,
  );
});

test("the caller's User-Agent takes precedence", async () => {
  await using server = await scriptedServer({ status: 200, json: [] });
  const greenroom = createGreenroom({ apiKey, baseUrl: server.baseUrl });
  await greenroom.plans.list({ headers: { 'User-Agent': 'lobby/2' } });
  expect(server.seen[0]?.headers['user-agent']).toBe('lobby/2');
});

test.each([
  ['a page', { document: {} }],
  ['a page in Electron', { document: {}, process: { versions: { node: '22.0.0' } } }],
  ['a web worker', {}],
  ['a web worker with a stand-in for process', { process: { versions: {} } }],
])('%s sends the User-Agent of its browser', (_, runtime) => {
  expect(userAgent(runtime)).toBeUndefined();
});
