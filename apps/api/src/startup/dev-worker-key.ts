import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Database } from '@greenroom/database';

import { SYSTEM } from '../audit/audit-repository.ts';
import { findKeyByHash, isUsable } from '../authentication/key-repository.ts';
import { hashSecret } from '../authentication/key-secret.ts';
import { replaceFile } from '../common/atomic-file.ts';
import { createWorkerKey } from '../workers/worker-key-service.ts';

/** Ensures that there is a usable key for a worker on this machine, and returns the path of its file. */
export async function ensureWorkerKeyFile(database: Database, dataDir: string): Promise<string> {
  const path = join(dataDir, 'worker.key');
  if (await isWorking(database, await readFile(path, 'utf8').catch(() => ''))) return path;
  const { secret } = await createWorkerKey(database, 'Development', SYSTEM);
  await replaceFile(path, `${secret}\n`);
  return path;
}

/** Resolves with whether the key of an earlier start is usable with this database. */
async function isWorking(database: Database, text: string): Promise<boolean> {
  const secret = text.trim();
  if (secret === '') return false;
  const stored = await findKeyByHash(database, hashSecret(secret));
  return stored?.identity.kind === 'worker' && isUsable(stored);
}
