import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection of which the test writes the bytes and reads them back. */
export interface RawConnection {
  socket: Socket;
  /** What was received so far. */
  received(): string;
  /** Resolves with the whole of what was received once the connection is closed. */
  closed: Promise<string>;
}

/** Opens a connection to a server and sends bytes on it. */
export async function rawConnection(url: string, bytes: string | Buffer = ''): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.setEncoding('latin1').on('data', (text: string) => (received += text));
  // A reset is a way to close.
  socket.on('error', () => undefined);
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(received)));
  await once(socket, 'connect');
  if (bytes.length > 0) socket.write(bytes);
  return { socket, received: () => received, closed };
}
