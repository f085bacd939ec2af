import { Prisma, type Transaction } from '@greenroom/database';

import { newId } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';
import type { EventNotifier } from '../dispatch/dispatch-notifier.ts';

/*
 * The events of an organisation and mode are numbered in the order of their commits. The number comes from the row of
 * the account: an UPDATE takes it, and holds the lock of that row until its transaction ends. The next transaction gets
 * the lock, and so a higher number, only when the one before is visible to every new snapshot. So a reader that asks
 * for the events after a number misses none, and a transaction that is rolled back leaves no gap.
 *
 * Ids and times cannot replace the numbers, because they are made before the commit. Neither can the snapshot's horizon
 * (`pg_current_snapshot`): one long transaction anywhere would hold back all readers, and each node of a sharded
 * database has another one. Most transactions with an event lock the account anyway, for a slot or credits.
 */

/** An event to append. */
export interface NewEvent {
  type: string;
  /** The resource as the document has it. */
  data: object;
}

/** Appends an event in the transaction of its change, and notifies readers when the transaction has ended. */
export async function appendEvent(
  tx: Transaction,
  tenant: Tenant,
  { type, data }: NewEvent,
  notifier: EventNotifier,
): Promise<void> {
  const { orgId, mode } = tenant;
  notifier.eventsAppended(tx, tenant);
  await tx.query(Prisma.sql`
    WITH account AS (
      UPDATE accounts SET event_sequence = event_sequence + 1
       WHERE org_id = ${orgId} AND mode = ${mode} RETURNING org_id, event_sequence
    )
    INSERT INTO events (org_id, mode, id, sequence, type, data)
    SELECT ${orgId}, ${mode}, ${newId('evt')}, event_sequence, ${type}, ${JSON.stringify(data)}::jsonb
      FROM account WHERE org_id = ${orgId}`);
}
