import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/** How many requests of a connection may be without a response. Clients that send several at once send a few. */
export const MAX_PIPELINED = 32;

/**
 * Returns a listener that destroys a connection with too many requests without a response. Node makes a request of
 * every 30 bytes that it reads before it pauses a connection, whose responses have not begun: without a limit, a client
 * fills the memory with requests that wait.
 */
export function limitPipelining(listener: RequestListener): RequestListener {
  const pending = new WeakMap<Socket, number>();
  return (request, response) => {
    const { socket } = request;
    // Node has more requests in what it has read.
    if (socket.destroyed) return;
    const count = (pending.get(socket) ?? 0) + 1;
    if (count > MAX_PIPELINED) {
      socket.destroy();
      return;
    }
    pending.set(socket, count);
    response.once('close', () => {
      pending.set(socket, (pending.get(socket) ?? 1) - 1);
    });
    listener(request, response);
  };
}
