import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { nodeArguments } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { startTestServer, type TestServer } from '../harness/test-server.ts';

const README = new URL('../../../../packages/client/README.md', import.meta.url);
/** Inside this package, so that the example finds the client as a customer's program does. */
const HERE = fileURLToPath(new URL('.', import.meta.url));

let server: TestServer;
let directory: string;

beforeAll(async () => {
  server = await startTestServer();
  directory = await mkdtemp(join(HERE, 'example-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
  await server.close();
});

test('the first example of the client’s README works', async () => {
  const example = /^```js\n(.*?)^```$/ms.exec(await readFile(README, 'utf8'))?.[1] ?? '';
  expect(example).toContain("from '@greenroom/client'");
  const file = join(directory, 'first-session.mjs');
  await writeFile(file, example);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, nodeArguments(file), {
    cwd: fileURLToPath(new URL('../../../..', import.meta.url)),
    env: { PATH: process.env['PATH'], GREENROOM_URL: server.url, GREENROOM_API_KEY: server.keys.test },
  });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^created sess_\w{26}: queued$/m);
  expect(stdout).toMatch(/^active +sess_\w{26}: queued$/m);
  expect(stdout).toMatch(/^over +sess_\w{26}: canceled$/m);
  expect(stdout).toMatch(/^error +404 session\.not_found \(req_\w{26}\)$/m);
});
