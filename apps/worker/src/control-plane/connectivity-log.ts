import type { Logger } from 'pino';

/** Logs when the server becomes unreachable and when it is back, instead of every failed request in between. */
export class ConnectivityLog {
  readonly #log: Logger;
  #failingSince: number | null = null;

  constructor(log: Logger) {
    this.#log = log;
  }

  succeeded(): void {
    if (this.#failingSince === null) return;
    const seconds = Math.round((performance.now() - this.#failingSince) / 1000);
    this.#failingSince = null;
    this.#log.info({ seconds }, 'server reachable again');
  }

  failed(error: Error): void {
    if (this.#failingSince !== null) return;
    this.#failingSince = performance.now();
    this.#log.warn({ reason: error.message }, 'server unreachable');
  }
}
