import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

import type { ClientTimeouts } from '../timeouts.ts';

/**
 * Bounds how long a client may leave a written response unread, and remembers the last response of each connection.
 * Node destroys a socket on which no byte moved for its timeout.
 */
export class OpenResponses {
  readonly #last = new WeakMap<Duplex, ServerResponse>();

  constructor(server: Server, { silenceMs, readMs }: Pick<ClientTimeouts, 'silenceMs' | 'readMs'>) {
    const watch = (request: IncomingMessage, response: ServerResponse) => {
      const { socket } = request;
      this.#last.set(socket, response);
      response.once('prefinish', () => socket.setTimeout(readMs));
      // Before Node's own listener, which begins the next response or sets the timeout of a kept connection.
      response.prependOnceListener('finish', () => socket.setTimeout(silenceMs));
    };
    server.prependListener('request', watch).prependListener('checkExpectation', watch);
  }

  /** Whether bytes written to a connection now would be read as the response to the request that is arriving. */
  canRespond(socket: Duplex): boolean {
    const response = this.#last.get(socket);
    if (response === undefined) return true;
    return response.req.complete ? response.writableFinished : !response.headersSent;
  }
}
