import type { Logger } from 'pino';

/** Lets work go on without its caller. A failure is logged with the message, and ends nothing. */
export function inBackground(work: Promise<unknown>, log: Logger, message: string): void {
  work.catch((error: unknown) => {
    log.error({ err: error }, message);
  });
}
