import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Simulates the network between two processes. */
export interface TcpProxy {
  readonly port: number;
  /** How many connections it has accepted. */
  readonly connections: number;
  /** Drops all further data of the currently open connections, in both directions and without a reset. */
  silenceOpenConnections(): void;
  /** While true, accepts new connections but drops all their data. */
  silenceNewConnections(silent: boolean): void;
  /** Resets the open connections. */
  resetConnections(): void;
  /** While true, resets open and new connections. */
  refuse(refused: boolean): void;
  /** Delays every chunk by `delayMs` in each direction. */
  slowDown(delayMs: number): void;
  close(): Promise<void>;
}

interface Link {
  client: Socket;
  upstream: Socket;
  silent: boolean;
}

/** Starts a proxy on the loopback interface that forwards to `targetPort` and can simulate network failures. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const links = new Set<Link>();
  let newAreSilent = false;
  let isRefusing = false;
  let delayMs = 0;
  let connections = 0;

  function forward(link: Link, from: Socket, to: Socket): void {
    // Keeps chunks in order: each waits for the previous one, also when the delay has ended since.
    let previous = Promise.resolve();
    let waiting = 0;
    from.on('data', (chunk: Buffer) => {
      if (link.silent) return;
      if (delayMs === 0 && waiting === 0) {
        to.write(chunk);
        return;
      }
      const ready = delay(delayMs);
      waiting += 1;
      previous = previous
        .then(() => ready)
        .then(() => {
          waiting -= 1;
          if (!link.silent) to.write(chunk);
        });
    });
  }

  const server = createServer({ noDelay: true }, (client) => {
    connections += 1;
    if (isRefusing) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
    const link: Link = { client, upstream, silent: newAreSilent };
    links.add(link);
    forward(link, client, upstream);
    forward(link, upstream, client);
    const drop = (): void => {
      links.delete(link);
      client.destroy();
      if (!link.silent) upstream.destroy();
    };
    client.on('error', drop).on('close', drop);
    // A silent network does not report that the server closed the connection either.
    const onUpstreamClosed = (): void => {
      if (link.silent) upstream.destroy();
      else drop();
    };
    upstream.on('error', onUpstreamClosed).on('close', onUpstreamClosed);
  });
  function resetConnections(): void {
    for (const { client } of links) client.resetAndDestroy();
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    resetConnections,
    silenceOpenConnections() {
      for (const link of links) link.silent = true;
    },
    silenceNewConnections(silent) {
      newAreSilent = silent;
    },
    refuse(refused) {
      isRefusing = refused;
      if (refused) resetConnections();
    },
    slowDown(ms) {
      delayMs = ms;
    },
    async close() {
      server.close();
      for (const { client, upstream } of links) {
        client.destroy();
        upstream.destroy();
      }
      await once(server, 'close');
    },
  };
}
