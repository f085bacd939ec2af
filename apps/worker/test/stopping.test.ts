import { freePort } from '@greenroom/testing';
import { expect, jest, test } from '@jest/globals';

import { runProgram } from './harness/program.ts';

jest.setTimeout(60_000);

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'a worker without sessions exits after %s',
  async (signal) => {
    const worker = runProgram('worker/src/main.ts', {
      GREENROOM_API_URL: `http://127.0.0.1:${await freePort()}`,
      GREENROOM_WORKER_KEY: 'wk_of_nobody',
    });
    // The API is unreachable, which the worker logs while it retries.
    await worker.printed(/\n/);
    worker.kill(signal);
    expect(await worker.exited).toBe(0);
    expect(worker.output()).toContain('stopping');
  },
);
