import type { Database } from '@greenroom/database';

import type { Actor } from '../audit/audit-repository.ts';
import {
  beginErasure,
  completeErasure,
  eraseBatch,
  ERASED_TABLES,
  jobKeysOf,
  removeJobs,
  type BeginErasureResult,
} from './erasure-repository.ts';

/**
 * Erases an organisation with all of its data, in batches of one short statement each. After a crash, the next call
 * continues.
 *
 * @returns `erased`, `unknown` when it does not exist, or the number of live sessions, with which nothing has changed
 */
export async function eraseOrg(
  database: Database,
  orgId: string,
  actor: Actor,
): Promise<'erased' | Exclude<BeginErasureResult, 'begun'>> {
  const beginning = await beginErasure(database, orgId, actor);
  if (beginning !== 'begun') return beginning;
  const keys = await jobKeysOf(database, orgId);
  await removeJobs(database, keys);
  for (const table of ERASED_TABLES) {
    while (await eraseBatch(database, table, orgId));
  }
  const isErased = await completeErasure(database, orgId, actor);
  // Deliveries in progress have scheduled others since.
  await removeJobs(database, keys);
  return isErased ? 'erased' : 'unknown';
}
