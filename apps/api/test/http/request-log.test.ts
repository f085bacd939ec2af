import { mintWorkerToken, until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

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
