import { execFile, execFileSync } from 'node:child_process';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { mintWorkerToken, reasonWithout, skippable } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';

import { plainImage } from '../harness/images.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { registerMediaWorker, registerWorker, type TestWorker } from '../harness/worker.ts';

// The first run installs the SDK with pip.
jest.setTimeout(180_000);

const skipReason = reasonWithout('PYTHON');
const HERE = fileURLToPath(new URL('.', import.meta.url));
interface Call {
  method: string;
  ended: string;
}

const name = skippable('the published Python SDK of this wire', skipReason);
(skipReason === '' ? describe : describe.skip)(name, () => {
  let server: TestServer;
  let directory: string;
  let calls: Call[];
  let methods: string[];

  beforeAll(async () => {
    server = await startTestServer();
    directory = await mkdtemp(join(tmpdir(), 'greenroom-sdk-'));
    const portrait = join(directory, 'portrait.png');
    await writeFile(portrait, await plainImage());
    const working = new AbortController();
    const workers = [registerWorker(server), registerMediaWorker(server)].map(async (worker) =>
      perform(await worker, working.signal),
    );
    try {
      const { stdout } = await promisify(execFile)('python3', [join(HERE, 'every_method.py')], {
        env: {
          PATH: process.env['PATH'],
          PYTHONPATH: sdk(),
          PYTHONDONTWRITEBYTECODE: '1',
          GREENROOM_URL: server.url,
          GREENROOM_API_KEY: server.keys.test,
          PORTRAIT: portrait,
          WORKER_TOKENS: JSON.stringify({
            'sdk-1': await mintWorkerToken({ room: 'sdk-1' }),
            'sdk-2': await mintWorkerToken({ room: 'sdk-2' }),
          }),
        },
      });
      const lines = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Call | { methods: string[] });
      calls = lines.flatMap((line) => ('method' in line ? [line] : []));
      methods = lines.flatMap((line) => ('methods' in line ? line.methods : []));
    } finally {
      working.abort();
      await Promise.all(workers);
    }
  });
  afterAll(async () => {
    await server.close();
    await rm(directory, { recursive: true });
  });

  /** Starts every queued session. */
  async function perform(worker: TestWorker, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const assignment = await worker.claim(1);
      if (assignment !== null) await worker.report(assignment, { frames: 25, media_ms: 1_000 });
    }
  }

  test('every method parses its response', () => {
    expect(calls).toEqual(calls.map(({ method }) => ({ method, ended: 'ok' })));
  });

  test('every method is called', () => {
    const called = new Set(calls.map(({ method }) => method));
    expect(methods.length).toBeGreaterThan(10);
    expect(methods.filter((method) => !called.has(method))).toEqual([]);
  });
});

function sdk(): string {
  return execFileSync(process.execPath, [join(HERE, 'install.mjs')], { encoding: 'utf8' }).trim();
}
