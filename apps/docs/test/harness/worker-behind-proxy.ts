import { freePort, startTcpProxy } from '@greenroom/testing';

import { startSimulator } from './simulator.ts';

export interface WorkerBehindProxy {
  /** Cuts the connections of clients, as a network does. */
  cutConnections(): void;
  close(): Promise<void>;
}

/** Runs a worker that performs sessions over a WebSocket, reached through a network that can fail. */
export async function startWorkerBehindProxy(server: {
  url: string;
  key: string;
}): Promise<WorkerBehindProxy> {
  const port = await freePort();
  const network = await startTcpProxy(port);
  const stop = await startSimulator({
    ...server,
    environment: {
      GREENROOM_RUNTIMES: 'livekit',
      GREENROOM_MEDIA_PORT: String(port),
      GREENROOM_MEDIA_URL: `ws://127.0.0.1:${network.port}`,
    },
  });
  return {
    cutConnections: () => network.resetConnections(),
    async close() {
      await stop();
      await network.close();
    },
  };
}
