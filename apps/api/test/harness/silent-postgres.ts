import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** `AuthenticationOk` and `ReadyForQuery` of PostgreSQL's protocol. */
const ACCEPTED = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);

export interface SilentPostgres {
  url: string;
  /** Resolves when a client has sent bytes that get no response. */
  asked: Promise<void>;
  close(): void;
}

/** Listens like PostgreSQL, but never responds, or stops responding after the authentication. */
export async function silentPostgres(silence: 'at once' | 'once authenticated'): Promise<SilentPostgres> {
  const sockets: Socket[] = [];
  let asked: () => void = () => undefined;
  const server = createServer((socket) => {
    sockets.push(socket);
    let messages = 0;
    socket
      .on('error', () => undefined)
      .on('data', () => {
        messages += 1;
        if (silence === 'once authenticated' && messages === 1) socket.write(ACCEPTED);
        else asked();
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `postgres://greenroom:secret@127.0.0.1:${(server.address() as AddressInfo).port}/greenroom`,
    asked: new Promise((resolve) => (asked = resolve)),
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
