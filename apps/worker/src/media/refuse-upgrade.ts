import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

/** Responds to a request for a WebSocket with an error, and closes the connection. */
export function refuseUpgrade(socket: Socket, status: 401 | 404 | 409, message: string): void {
  const body = JSON.stringify({ message });
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...['', body],
  ];
  socket.end(lines.join('\r\n'));
  // Frees the socket even if the client does not close its side.
  socket.destroySoon();
}
