import { Socket } from 'node:net';

const SAMPLE_MS = 500;

interface Received {
  bytes: number;
  /** Milliseconds of the monotonic clock. */
  atMs: number;
}

/** The sockets of a pool. Allows closing those of a silent server, for which `pg` would wait. */
export class OpenSockets {
  readonly #received = new Map<Socket, Received>();
  #timer: NodeJS.Timeout | null = null;

  /** Creates a socket and tracks it until it closes. */
  create(): Socket {
    const socket = new Socket();
    this.#received.set(socket, { bytes: 0, atMs: performance.now() });
    socket.once('close', () => {
      this.#received.delete(socket);
      if (this.#received.size === 0) this.#stopSampling();
    });
    this.#timer ??= setInterval(() => {
      this.#sample();
    }, SAMPLE_MS).unref();
    return socket;
  }

  /**
   * Destroys the sockets that have received nothing for `forMs` milliseconds. When one query times out, the other
   * silent connections are likely broken too, and each would cost a caller the same timeout.
   */
  destroySilent(forMs: number): void {
    this.#sample();
    for (const [socket, { atMs }] of this.#received) if (performance.now() - atMs >= forMs) socket.destroy();
  }

  /** Destroys every socket once its written data is flushed. */
  close(): void {
    this.#stopSampling();
    for (const socket of this.#received.keys()) socket.destroySoon();
  }

  #sample(): void {
    for (const [socket, received] of this.#received) {
      if (socket.bytesRead === received.bytes) continue;
      received.bytes = socket.bytesRead;
      received.atMs = performance.now();
    }
  }

  #stopSampling(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}
