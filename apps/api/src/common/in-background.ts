import type { Logger } from 'pino';

/** Logs the failure of work that the caller does not wait for. */
export function inBackground(work: Promise<unknown>, log: Logger, message: string): void {
  work.catch((error: unknown) => {
    log.error({ err: error }, message);
  });
}
