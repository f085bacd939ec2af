import type { Logger } from 'pino';

/** Does not wait for work. Logs its failure with the message. */
export function inBackground(work: Promise<unknown>, log: Logger, message: string): void {
  work.catch((error: unknown) => {
    log.error({ err: error }, message);
  });
}
