import type { Quality } from '@greenroom/contract';
import type { Transaction } from '@greenroom/database';

/** A session waits for a worker: `<runtime type> <quality>`. */
export const QUEUE_CHANNEL = 'greenroom_queue';
/** Somebody else than its worker did something to a session: its id. */
export const DIRECTIVE_CHANNEL = 'greenroom_directives';

/** Heard when the transaction commits, by every process. */
export async function notifyQueued(
  tx: Transaction,
  { runtimeType, quality }: { runtimeType: string; quality: Quality },
): Promise<void> {
  await tx.$queryRaw`SELECT pg_notify(${QUEUE_CHANNEL}, ${`${runtimeType} ${quality}`})::text`;
}

/** Heard when the transaction commits, by every process. */
export async function notifyDirective(tx: Transaction, sessionId: string): Promise<void> {
  await tx.$queryRaw`SELECT pg_notify(${DIRECTIVE_CHANNEL}, ${sessionId})::text`;
}
