import type { KeyMode, Scope } from '@greenroom/contract';
import { Prisma, type Database } from '@greenroom/database';

import { currentTimeMs } from '../common/clock.ts';
import type { CustomerIdentity, WorkerIdentity } from '../contract/identity.ts';

/** The PostgreSQL channel that notifies every process of a changed key or organisation, by its id. */
export const KEY_CHANNEL = 'greenroom_keys';

/** Returns the statement that notifies every process of a changed key or organisation. */
export function keyChangeStatement(id: string): Prisma.Sql {
  return Prisma.sql`SELECT pg_notify(${KEY_CHANNEL}, ${id})`;
}

export interface StoredKey {
  identity: CustomerIdentity | WorkerIdentity;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

interface KeyRow {
  kind: 'customer' | 'worker';
  id: string;
  org_id: string | null;
  mode: KeyMode | null;
  scopes: Scope[] | null;
  expires_at: Date | null;
  revoked_at: Date | null;
  requests_per_second: number | null;
  creates_per_second: number | null;
  is_suspended: boolean | null;
}

const FIND_BY_HASH = `
  SELECT 'customer' AS kind, k.id, k.org_id, k.mode, k.scopes, k.expires_at, k.revoked_at,
         o.requests_per_second, o.creates_per_second, o.suspended_at IS NOT NULL AS is_suspended
    FROM api_keys k JOIN orgs o ON o.id = k.org_id
   WHERE k.secret_hash = $1
  UNION ALL
  SELECT 'worker', w.id, NULL, NULL, NULL, w.expires_at, w.revoked_at, NULL, NULL, NULL
    FROM worker_keys w
   WHERE w.secret_hash = $1`;

/** Returns the key with this hash, of either kind. One statement uses two unique indexes. */
export async function findKeyByHash(database: Database, hash: Buffer): Promise<StoredKey | null> {
  const { rows } = await database.pool.query<KeyRow>({
    name: 'key-by-hash',
    text: FIND_BY_HASH,
    values: [hash],
  });
  const row = rows[0];
  if (row === undefined) return null;
  const { expires_at: expiresAt, revoked_at: revokedAt } = row;
  if (row.kind === 'worker') return { identity: { kind: 'worker', keyId: row.id }, expiresAt, revokedAt };
  if (row.org_id === null || row.mode === null) throw new Error(`Key ${row.id} has no organisation`);
  return {
    identity: {
      kind: 'customer',
      keyId: row.id,
      orgId: row.org_id,
      mode: row.mode,
      scopes: new Set(row.scopes),
      requestsPerSecond: row.requests_per_second,
      createsPerSecond: row.creates_per_second,
      isSuspended: row.is_suspended === true,
    },
    expiresAt,
    revokedAt,
  };
}

/** Returns whether a key is neither revoked nor expired. */
export function isUsable({ revokedAt, expiresAt }: StoredKey): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt.getTime() > currentTimeMs());
}

/** The use of a key at a time. */
export interface KeyUse {
  identity: CustomerIdentity | WorkerIdentity;
  usedAt: Date;
}

/** Updates when keys were last used. A later time from another process is kept. */
export async function touchKeys({ pool }: Database, uses: readonly KeyUse[]): Promise<void> {
  const customers = uses.flatMap(({ identity, usedAt }) =>
    identity.kind === 'customer' ? [{ ...identity, usedAt }] : [],
  );
  const workers = uses.flatMap(({ identity, usedAt }) =>
    identity.kind === 'worker' ? [{ ...identity, usedAt }] : [],
  );
  if (customers.length > 0) {
    await pool.query(TOUCH_API_KEYS, [
      customers.map(({ orgId }) => orgId),
      customers.map(({ mode }) => mode),
      customers.map(({ keyId }) => keyId),
      customers.map(({ usedAt }) => usedAt),
    ]);
  }
  if (workers.length > 0) {
    await pool.query(TOUCH_WORKER_KEYS, [
      workers.map(({ keyId }) => keyId),
      workers.map(({ usedAt }) => usedAt),
    ]);
  }
}

export const TOUCH_API_KEYS = `
  UPDATE api_keys k SET last_used_at = u.used_at
    FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS u(org_id, mode, id, used_at)
   WHERE k.org_id = u.org_id AND k.mode = u.mode AND k.id = u.id
     AND (k.last_used_at IS NULL OR k.last_used_at < u.used_at)`;

const TOUCH_WORKER_KEYS = `
  UPDATE worker_keys k SET last_used_at = u.used_at
    FROM unnest($1::text[], $2::timestamptz[]) AS u(id, used_at)
   WHERE k.id = u.id AND (k.last_used_at IS NULL OR k.last_used_at < u.used_at)`;
