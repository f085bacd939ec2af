import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection on which a test writes and reads bytes. */
export interface RawConnection {
  socket: Socket;
  /** Returns the bytes received so far. */
  received(): string;
  /** Resolves with all received bytes when the connection is closed. */
  closed: Promise<string>;
}

/** Opens a connection to a server and sends bytes on it. */
export async function rawConnection(url: string, bytes: string | Buffer = ''): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.setEncoding('latin1').on('data', (text: string) => (received += text));
  // A reset also closes the connection.
  socket.on('error', () => undefined);
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(received)));
  await once(socket, 'connect');
  if (bytes.length > 0) socket.write(bytes);
  return { socket, received: () => received, closed };
}
