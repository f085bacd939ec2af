import type { TestServer } from '@greenroom/api/testing';
import { registerMediaWorker } from '@greenroom/api/testing/worker';

/** Runs a worker that starts every session over a WebSocket. Resolves with a function that stops it. */
export async function startMediaWorker(server: TestServer): Promise<() => Promise<void>> {
  const worker = await registerMediaWorker(server);
  const stopping = new AbortController();
  const working = (async () => {
    while (!stopping.signal.aborted) {
      const assignment = await worker.claim(1);
      if (assignment !== null) await worker.reported(assignment, { state: 'starting' });
    }
  })();
  return async () => {
    stopping.abort();
    await working;
  };
}
