import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface BreakableConnection {
  /** The database, by way of a connection that can be cut. */
  url: string;
  /** From now on nobody gets through, and who was is cut off. */
  cut(): Promise<void>;
  /** Bytes of the connections that are open now are dropped from now on, without a reset; of new ones too on demand. */
  silence(options: { newToo: boolean }): void;
  /** New connections get through again; silent ones stay silent. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

/** A way to a database that a test can cut and mend, as a network or a failing database does. */
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
  const mend = () =>
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
  await mend();
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return { url: url.href, cut, silence, mend, close: async () => (server.listening ? cut() : undefined) };
}
