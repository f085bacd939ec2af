import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import { PIECE_BYTES } from './timeouts.ts';

/** How many requests of a connection may be without a response. Clients that send several at once send a few. */
export const MAX_PIPELINED = 32;

/** The interval between checks, as a share of the time limit. */
const CHECK_SHARE = 1 / 5;

/** How many connections are closed at once to make room. */
const MAX_CLOSED = 100;

/** The progress that a client must make by a time. */
interface Window {
  endsAtMs: number;
  /** The number of bytes written to the socket that must be sent by then. */
  bytes: number;
}

/**
 * Destroys connections of clients that read too slowly: a client must read a short response within `readMs`, and each
 * further `PIECE_BYTES` of a long one in the same time. Remembers the last response of each connection, and so
 * knows which are idle.
 */
export class OpenResponses {
  readonly #last = new WeakMap<Duplex, ServerResponse>();
  readonly #windows = new Map<Socket, Window | null>();
  readonly #readMs: number;

  readonly #onCut: (response: ServerResponse) => void;

  /** @param onCut called with the response that a client read too slowly */
  constructor(server: Server, readMs: number, onCut: (response: ServerResponse) => void) {
    this.#readMs = readMs;
    this.#onCut = onCut;
    const remember = (request: IncomingMessage, response: ServerResponse) => {
      this.#last.set(request.socket, response);
    };
    server.prependListener('request', remember).prependListener('checkExpectation', remember);
    server.on('connection', (socket) => {
      this.#windows.set(socket, null);
      socket.once('close', () => this.#windows.delete(socket));
    });
    const timer = setInterval(() => {
      this.#check();
    }, readMs * CHECK_SHARE).unref();
    server.once('close', () => {
      clearInterval(timer);
    });
  }

  /** Whether bytes written now would be read as the response to the arriving request. */
  canRespond(socket: Duplex): boolean {
    const response = this.#last.get(socket);
    if (response === undefined) return true;
    return response.req.complete ? response.writableFinished : !response.headersSent;
  }

  /** Closes connections without a request: first those that never sent one, the oldest first. */
  closeIdle(): void {
    const sockets = [...this.#windows.keys()];
    const unused = sockets.filter((socket) => !this.#last.has(socket));
    const idle = sockets.filter((socket) => this.#last.get(socket)?.writableFinished === true);
    for (const socket of [...unused, ...idle].slice(0, MAX_CLOSED)) socket.destroy();
  }

  #check(): void {
    const nowMs = performance.now();
    for (const [socket, window] of this.#windows) {
      const sent = socket.bytesWritten - socket.writableLength;
      if (socket.writableLength === 0) this.#windows.set(socket, null);
      else if (window === null || sent >= window.bytes) this.#windows.set(socket, this.#window(socket, sent));
      else if (nowMs >= window.endsAtMs) this.#cut(socket);
    }
  }

  #cut(socket: Socket): void {
    const response = this.#last.get(socket);
    if (response !== undefined) this.#onCut(response);
    socket.destroy();
  }

  /** A write counts as sent only when it is complete, so a long one gets the time of all of its pieces. */
  #window(socket: Socket, sent: number): Window {
    const pieces = Math.ceil(socket.writableLength / PIECE_BYTES);
    return { endsAtMs: performance.now() + pieces * this.#readMs, bytes: sent + pieces * PIECE_BYTES };
  }
}

/**
 * Returns a listener that destroys a connection with too many requests without a response. Node makes a request of
 * every 30 bytes that it reads before it pauses a connection, whose responses have not begun: without a limit, a client
 * fills the memory with requests that wait.
 */
export function limitPipelining(listener: RequestListener): RequestListener {
  const pending = new WeakMap<Socket, number>();
  return (request, response) => {
    const { socket } = request;
    // Node may have read further requests.
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
