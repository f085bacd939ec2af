import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface BreakableConnection {
  /** The URL of the database through a connection that can be cut. */
  url: string;
  /** Cuts all connections and rejects new ones. */
  cut(): Promise<void>;
  /** Drops the bytes of open connections without a reset; of new ones too on request. */
  silence(options: { newToo: boolean }): void;
  /** Accepts new connections again. Silent ones stay silent. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** A TCP proxy to a database that a test can cut and restore, like a failing network or database. */
export async function breakableConnection(databaseUrl: string): Promise<BreakableConnection> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const silent = new WeakSet<Socket>();
  let newAreSilent = false;
  const server = createServer((inside) => {
    const outside = connect(Number(target.port), target.hostname);
    const forward = (from: Socket, to: Socket) => {
      sockets.add(from);
      if (newAreSilent) silent.add(from);
      from.on('data', (chunk: Buffer) => {
        if (!silent.has(from)) to.write(chunk);
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    };
    forward(inside, outside);
    forward(outside, inside);
  });
  let port = 0;
  const restore = () =>
    new Promise<void>((resolve) => {
      newAreSilent = false;
      if (server.listening) {
        resolve();
        return;
      }
      server.listen(port, '127.0.0.1', () => {
        ({ port } = server.address() as AddressInfo);
        resolve();
      });
    });
  const cut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  const silence = ({ newToo }: { newToo: boolean }) => {
    newAreSilent = newToo;
    for (const socket of sockets) silent.add(socket);
  };
  await restore();
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return { url: url.href, cut, silence, restore, close: async () => (server.listening ? cut() : undefined) };
}
