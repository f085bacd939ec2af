import { Prisma, type Database, type Transaction } from '@greenroom/database';

import { lowestIdAt, newId } from '../common/ids.ts';

/** The cause of a change: a key of an organisation, a person at the operator's command, or the server itself. */
export interface Actor {
  kind: 'api_key' | 'operator' | 'system';
  /** The id of the key, or `user@host`. */
  id: string;
}

/** The server, which creates the keys for development. */
export const SYSTEM: Actor = { kind: 'system', id: 'start' };

/** Returns the actor of a request. */
export function keyActor({ keyId }: { keyId: string }): Actor {
  return { kind: 'api_key', id: keyId };
}

/** A change. */
export interface AuditRecord {
  /** Null when it concerns no organisation. */
  orgId: string | null;
  /** The kind of the object and a verb, such as `api_key.revoke`. */
  action: `${string}.${string}`;
  /** The id of the object. */
  objectId: string | null;
  /** At most 4,000 bytes as JSON. Never a secret. */
  details?: Prisma.InputJsonObject;
}

/** Returns the statement that records a change, for the transaction that makes it. */
export function auditStatement(
  actor: Actor,
  { orgId, action, objectId, details = {} }: AuditRecord,
): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO audit_entries (id, org_id, actor_kind, actor_id, action, object_id, details)
    VALUES (${newId('aud')}, ${orgId}, ${actor.kind}, ${actor.id}, ${action}, ${objectId},
            ${JSON.stringify(details)}::jsonb)`;
}

/** Records a change in the transaction that makes it. */
export async function recordAudit(tx: Transaction, actor: Actor, record: AuditRecord): Promise<void> {
  await tx.query(auditStatement(actor, record));
}

/** A recorded change. Its time is in its id. */
export interface AuditEntry {
  id: string;
  orgId: string | null;
  actorKind: Actor['kind'];
  actorId: string;
  action: string;
  objectId: string | null;
  details: Prisma.JsonObject;
}

/** Returns the newest entries, of one organisation or of all, since a time and before an id. */
export function listAuditEntries(
  database: Database,
  filter: { orgId: string | undefined; since: Date | undefined; before: string | undefined; take: number },
): Promise<AuditEntry[]> {
  const conditions = [
    Prisma.sql`id >= ${lowestIdAt('aud', filter.since ?? new Date(0))}`,
    ...(filter.orgId === undefined ? [] : [Prisma.sql`org_id = ${filter.orgId}`]),
    ...(filter.before === undefined ? [] : [Prisma.sql`id < ${filter.before}`]),
  ];
  return database.query<AuditEntry>(Prisma.sql`
    SELECT id, org_id AS "orgId", actor_kind AS "actorKind", actor_id AS "actorId", action, object_id AS "objectId", details
      FROM audit_entries WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY id DESC LIMIT ${filter.take}::int`);
}
