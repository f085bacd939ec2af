import type { Logger } from 'pino';

/** Logs when the server is lost and when it is there again; not every request of a thousand that failed meanwhile. */
export class Reachability {
  readonly #log: Logger;
  #failingSince: number | null = null;

  constructor(log: Logger) {
    this.#log = log;
  }

  answered(): void {
    if (this.#failingSince === null) return;
    const seconds = Math.round((performance.now() - this.#failingSince) / 1000);
    this.#failingSince = null;
    this.#log.info({ seconds }, 'the server answers again');
  }

  failed(err: Error): void {
    if (this.#failingSince !== null) return;
    this.#failingSince = performance.now();
    this.#log.warn({ reason: err.message }, 'the server cannot be reached');
  }
}
