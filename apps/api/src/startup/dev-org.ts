import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { scopeValues } from '@greenroom/contract';
import { ensureOrg, type Database } from '@greenroom/database';

import { createApiKey } from '../api-keys/api-key-service.ts';
import { SYSTEM } from '../audit/audit-repository.ts';
import { findKeyByHash, isUsable } from '../authentication/key-repository.ts';
import { hashSecret } from '../authentication/key-secret.ts';
import { replaceFile } from '../common/atomic-file.ts';
import { isGreenroomAt } from './running-server.ts';

/** The content of `dev.json`: the addresses of the server and the keys of the organisation `dev`. */
export interface DevKeys {
  api_url: string;
  docs_url: string;
  test_key: string;
  live_key: string;
}

/** The organisation for development. */
export const DEV_ORG = 'dev';
/** High enough not to matter during development. */
const LIMITS = { concurrentSessions: 100_000, requestsPerSecond: 100_000, createsPerSecond: 100_000 };
const CREDITS = 1_000_000;

/** Returns the path of `dev.json`, from which programs read the keys. */
export function devFileOf(dataDir: string): string {
  return join(dataDir, 'dev.json');
}

/** Ensures that the organisation `dev` exists with a usable key for each mode, and writes them to `dev.json`. */
export async function ensureDevOrg(database: Database, dataDir: string, apiUrl: string): Promise<DevKeys> {
  await ensureOrg(database, {
    id: DEV_ORG,
    name: 'Development',
    planId: 'scale',
    overrides: LIMITS,
    credits: CREDITS,
  });
  const path = devFileOf(dataDir);
  const known = await knownKeys(path);
  const keys: DevKeys = {
    api_url: apiUrl,
    docs_url: `${apiUrl}/docs/`,
    test_key: await workingKey(database, 'test', known.test_key),
    live_key: await workingKey(database, 'live', known.live_key),
  };
  // With several servers on one data directory, the file names the first one while it runs.
  const named = known.api_url;
  const isOfAnother = named !== undefined && named !== apiUrl && (await isGreenroomAt(named));
  if (!isOfAnother) await replaceFile(path, `${JSON.stringify(keys, null, 2)}\n`);
  return keys;
}

async function knownKeys(path: string): Promise<Partial<DevKeys>> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Partial<DevKeys>;
  } catch {
    return {};
  }
}

/** Returns the key of an earlier start if it is usable with this database, else a new one. */
async function workingKey(
  database: Database,
  mode: 'test' | 'live',
  known: string | undefined,
): Promise<string> {
  if (known !== undefined) {
    const stored = await findKeyByHash(database, hashSecret(known));
    if (stored?.identity.kind === 'customer' && isUsable(stored)) return known;
  }
  const { secret } = await createApiKey(
    database,
    { orgId: DEV_ORG, mode },
    {
      name: `Development (${mode})`,
      scopes: [...scopeValues],
      expiresAt: null,
    },
    SYSTEM,
  );
  return secret;
}
