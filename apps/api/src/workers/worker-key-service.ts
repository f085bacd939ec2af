import type { Database } from '@greenroom/database';

import type { Actor } from '../audit/audit-repository.ts';
import { newSecret } from '../authentication/key-secret.ts';
import { newId } from '../common/ids.ts';
import { insertWorkerKey } from './worker-key-repository.ts';

/** Creates a worker key. Only the hash of its secret is stored, so that the secret cannot be read again. */
export async function createWorkerKey(
  database: Database,
  name: string,
  actor: Actor,
): Promise<{ id: string; secret: string }> {
  const { secret, hash, hint } = newSecret('worker');
  const id = newId('wkk');
  await insertWorkerKey(database, { id, name, hint, secretHash: new Uint8Array(hash) }, actor);
  return { id, secret };
}
