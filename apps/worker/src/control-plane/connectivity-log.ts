import type { Logger } from 'pino';

import type { ControlPlaneError } from './control-plane-error.ts';

/** Logs when the server becomes unreachable and when it is back, instead of every failed request in between. */
export class ConnectivityLog {
  readonly #log: Logger;
  #failingSince: number | null = null;

  constructor(log: Logger) {
    this.#log = log;
  }

  succeeded(requestId: string): void {
    if (this.#failingSince === null) return;
    const seconds = Math.round((performance.now() - this.#failingSince) / 1000);
    this.#failingSince = null;
    this.#log.info({ request_id: requestId, seconds }, 'server reachable again');
  }

  failed({ message, requestId }: ControlPlaneError): void {
    if (this.#failingSince !== null) return;
    this.#failingSince = performance.now();
    this.#log.warn({ request_id: requestId, reason: message }, 'server unreachable');
  }
}
