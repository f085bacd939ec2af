import { createApiKey } from '@greenroom/api/api-keys/api-key-service';
import { scopeValues } from '@greenroom/contract';
import { ensureOrg, type Database } from '@greenroom/database';

/** An organisation whose requests are measured, in its live mode. */
export interface Organisation {
  orgId: string;
  key: string;
}

/** High enough not to matter. */
const LIMITS = { concurrentSessions: 10_000_000, requestsPerSecond: 1_000_000, createsPerSecond: 1_000_000 };
const CREDITS = 1_000_000_000;

/** Creates organisations with a key each. */
export async function createOrganisations(database: Database, count: number): Promise<Organisation[]> {
  const organisations: Organisation[] = [];
  for (let index = 1; index <= count; index += 1) {
    const orgId = `bench-${index}`;
    await ensureOrg(database, {
      ...{ id: orgId, name: `Benchmark ${index}`, planId: 'scale' },
      overrides: LIMITS,
      credits: CREDITS,
    });
    const { secret } = await createApiKey(
      database,
      { orgId, mode: 'live' },
      { name: 'bench', scopes: [...scopeValues], expiresAt: null },
      { kind: 'system', id: 'bench' },
    );
    organisations.push({ orgId, key: secret });
  }
  return organisations;
}
