import { Socket } from 'node:net';

const SAMPLE_MS = 500;

interface Received {
  bytes: number;
  /** Milliseconds on the monotonic clock. */
  atMs: number;
}

/** The sockets of a pool, so that those of a silent server can be destroyed: `pg` waits for its goodbye instead. */
export class OpenSockets {
  readonly #received = new Map<Socket, Received>();
  #timer: NodeJS.Timeout | null = null;

  /** Creates a socket that is forgotten when it closes. */
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
   * Destroys the sockets that have received nothing for this long. When one query is not answered, the other
   * connections of its age are as silent, and each would cost a caller the same wait.
   */
  destroySilent(forMs: number): void {
    this.#sample();
    for (const [socket, { atMs }] of this.#received) if (performance.now() - atMs >= forMs) socket.destroy();
  }

  /** Destroys every socket once what was written to it has left. */
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
