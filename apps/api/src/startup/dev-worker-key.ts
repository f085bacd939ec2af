import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Database } from '@greenroom/database';

import { findKeyByHash } from '../authentication/key-repository.ts';
import { hashSecret } from '../authentication/key-secret.ts';
import { replaceFile } from '../common/atomic-file.ts';
import { createWorkerKey } from '../workers/worker-key-service.ts';

/** Makes sure of a working key for a worker on this machine; answers the file that holds it. */
export async function ensureWorkerKeyFile(database: Database, dataDir: string): Promise<string> {
  const path = join(dataDir, 'worker.key');
  if (await isWorking(database, await readFile(path, 'utf8').catch(() => ''))) return path;
  const { secret } = await createWorkerKey(database, 'Development');
  await replaceFile(path, `${secret}\n`);
  return path;
}

/** Whether an earlier start's key is one on this database. */
async function isWorking(database: Database, text: string): Promise<boolean> {
  const secret = text.trim();
  if (secret === '') return false;
  const stored = await findKeyByHash(database, hashSecret(secret));
  return stored?.identity.kind === 'worker' && stored.revokedAt === null;
}
