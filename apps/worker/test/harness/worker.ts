import { pino } from 'pino';

import { ControlPlane } from '../../src/control-plane/control-plane.ts';
import { fixedKey, type WorkerKey } from '../../src/control-plane/worker-key.ts';
import type { Runtime } from '../../src/runtime.ts';
import { Worker } from '../../src/worker.ts';
import { KEY, startControlPlane, type ControlPlaneServer } from './control-plane-server.ts';
import { fakeRuntime } from './fake-runtime.ts';

export interface TestWorker<Kind extends Runtime> extends AsyncDisposable {
  readonly server: ControlPlaneServer;
  readonly worker: Worker;
  readonly runtime: Kind;
  /** Its log, one JSON object each. */
  readonly logLines: string[];
}

export interface TestWorkerOptions {
  slots?: number;
  leaseSeconds?: number;
  key?: WorkerKey;
}

/** Starts a worker with a fake runtime, and the server it works for. */
export async function startWorker(options: TestWorkerOptions = {}) {
  return startWorkerWith(fakeRuntime(), options);
}

/** Starts a worker in this process, and the server it works for. */
export async function startWorkerWith<Kind extends Runtime>(
  runtime: Kind,
  { slots = 10, key = fixedKey(KEY), ...options }: TestWorkerOptions = {},
): Promise<TestWorker<Kind>> {
  const server = await startControlPlane(options);
  const logLines: string[] = [];
  const log = pino(
    { level: 'trace' },
    {
      write(line: string) {
        logLines.push(line);
      },
    },
  );
  const controlPlane = new ControlPlane({ apiUrl: server.url, key, log });
  const worker = new Worker({
    runtime,
    slots,
    name: 'test',
    version: '0.0.0',
    controlPlane,
    tracing: null,
    log,
  });
  return {
    ...{ server, worker, runtime, logLines },
    async [Symbol.asyncDispose]() {
      server.fail(null);
      await worker.abort();
      await server[Symbol.asyncDispose]();
    },
  };
}
