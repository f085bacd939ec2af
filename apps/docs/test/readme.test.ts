import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { startTestServer, type TestServer } from '@greenroom/api/testing';
import { reasonWithout, skippable } from '@greenroom/testing';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';

import { folderWithClient } from './harness/packed-client.ts';
import { runnablesOf } from './harness/runnables.ts';
import { startSimulator } from './harness/simulator.ts';

// Packing compiles the client.
jest.setTimeout(180_000);

const text = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
const runnables = runnablesOf(text);
const program = runnables.find(({ language }) => language === 'js');

let server: TestServer;
let stopSimulator: () => Promise<void>;
let project: Awaited<ReturnType<typeof folderWithClient>> | undefined;

beforeAll(async () => {
  server = await startTestServer();
  stopSimulator = await startSimulator({ url: server.url, key: server.keys.worker });
  project = await folderWithClient();
});
afterAll(async () => {
  await stopSimulator();
  await server.close();
  await project?.[Symbol.asyncDispose]();
});

async function run(command: string, args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, {
    cwd: project?.folder,
    env: { PATH: process.env['PATH'], GREENROOM_URL: server.url, GREENROOM_API_KEY: server.keys.test },
  });
  return stdout;
}

test('the README’s program, pasted into a folder with the packed client, prints the README’s output', async () => {
  const [, expected = ''] = /^```text\n([^]*?)^```$/m.exec(text) ?? [];
  expect(expected).not.toBe('');
  const file = program?.file ?? '';
  await writeFile(join(project?.folder ?? '', file), program?.source ?? '');
  const printed = await run(process.execPath, [file]);
  expect(printed.replaceAll(/sess_\w{26}/g, 'sess_…')).toBe(expected);
});

const withoutCurl = reasonWithout('CURL');
(withoutCurl === '' ? test : test.skip).each(runnables.filter(({ language }) => language === 'sh'))(
  skippable('the README’s shell commands run as pasted: $source', withoutCurl),
  async ({ source }) => {
    expect(await run('bash', ['-euc', source])).toContain('"object":"list"');
  },
);
