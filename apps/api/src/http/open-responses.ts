import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Bounds how long a client may leave a written response unread, and remembers the last response of each connection.
 * Node destroys a socket on which no byte moved for its timeout, and sets the timeout of a kept connection again once
 * the response was flushed.
 */
export class OpenResponses {
  readonly #last = new WeakMap<Duplex, ServerResponse>();

  constructor(server: Server, readTimeoutMs: number) {
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
      const { socket } = request;
      this.#last.set(socket, response);
      response.once('prefinish', () => socket.setTimeout(readTimeoutMs));
    });
  }

  /** Whether bytes written to a connection now would be read as the response to the request that is arriving. */
  canRespond(socket: Duplex): boolean {
    const response = this.#last.get(socket);
    if (response === undefined) return true;
    return response.req.complete ? response.writableFinished : !response.headersSent;
  }
}
