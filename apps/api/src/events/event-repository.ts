import { Prisma, type Queries } from '@greenroom/database';

import { currentTimeMs } from '../common/clock.ts';
import { lowestIdAt } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';
import { document } from '../document/document.ts';

/** The number of events to search for the first one that is kept: more than commit while a transaction is open. */
const HORIZON = 1_000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** As the document states it. */
export const RETENTION_DAYS = Number(document.components.schemas['Event']?.['x-retention-days']);

/** An event of a tenant. */
export interface EventRow extends Tenant {
  id: string;
  /** Its number among the events of the tenant, in the order of the commits. */
  sequence: number;
  type: string;
  sessionId: string | null;
  /** The resource immediately after the event, as the column `data` stores it. */
  data: object;
}

const COLUMNS = `
  org_id AS "orgId", mode, id, sequence::float8 AS sequence, type, session_id AS "sessionId", data`;

export interface EventListFilter {
  types: readonly string[] | null;
  sessionId: string | null;
  /** A range of ids that includes `from` and excludes `before`. */
  from: string;
  before: string;
  /** Maximum number of rows. */
  take: number;
}

/**
 * Returns the newest events of a range of ids, newest first.
 *
 * Each statement is an ordered scan of an index, so that a page costs its rows however many events there are. Several
 * types are merged scans. Those of a session, which has few events, are filtered.
 */
export async function listEvents(
  queries: Queries,
  { orgId, mode }: Tenant,
  { types, sessionId, from, before, take }: EventListFilter,
): Promise<EventRow[]> {
  const values: unknown[] = [orgId, mode, from, before, take];
  const scan = (condition: string) => `
    SELECT * FROM events WHERE org_id = $1 AND mode = $2 AND id >= $3 AND id < $4 ${condition}
     ORDER BY id DESC LIMIT $5`;
  let source = scan('');
  if (sessionId !== null) {
    values.push(sessionId);
    source = scan('AND session_id = $6');
    if (types !== null) {
      values.push(types);
      source = scan('AND session_id = $6 AND type = ANY ($7)');
    }
  } else if (types !== null) {
    values.push(types);
    source = `
      SELECT event.* FROM unnest($6::text[]) AS wanted (type),
      LATERAL (${scan('AND events.type = wanted.type')}) AS event`;
  }
  const text = `SELECT ${COLUMNS} FROM (${source}) AS page ORDER BY id DESC LIMIT $5`;
  return queries.query<EventRow>({ text, values });
}

export async function findEvent(
  queries: Queries,
  { orgId, mode }: Tenant,
  id: string,
): Promise<EventRow | null> {
  const text = `SELECT ${COLUMNS} FROM events WHERE org_id = $1 AND mode = $2 AND id = $3`;
  const [event] = await queries.query<EventRow>({ text, values: [orgId, mode, id] });
  return event ?? null;
}

/** A position in the events of a tenant. */
export interface Position {
  /** The sequence of the last event before it. */
  sequence: number;
  /** The id of that event; null if there is none. */
  id: string | null;
}

/** Returns the position after the latest event. */
export async function findLatestPosition(queries: Queries, { orgId, mode }: Tenant): Promise<Position> {
  const [end] = await queries.query<Position>(Prisma.sql`
    SELECT event_sequence::float8 AS sequence, event.id
      FROM accounts AS account
      LEFT JOIN events AS event
             ON event.org_id = ${orgId} AND event.mode = ${mode} AND event.sequence = account.event_sequence
     WHERE account.org_id = ${orgId} AND account.mode = ${mode}`);
  return end ?? { sequence: 0, id: null };
}

/**
 * Returns the position before all events that are kept. Ids are made before the commits, so the event with the lowest id may
 * not be the first of them.
 */
export async function findOldestPosition(queries: Queries, { orgId, mode }: Tenant): Promise<Position> {
  const [oldest] = await queries.query<{ sequence: number }>(Prisma.sql`
    SELECT coalesce(
             (SELECT min(sequence) - 1 FROM (
                SELECT sequence FROM events
                 WHERE org_id = ${orgId} AND mode = ${mode} AND id >= ${lowestKeptId()}
                 ORDER BY id LIMIT ${HORIZON}::int) AS oldest),
             event_sequence)::float8 AS sequence
      FROM accounts WHERE org_id = ${orgId} AND mode = ${mode}`);
  return { sequence: oldest?.sequence ?? 0, id: null };
}

/** The requested events; null for all. */
export interface EventFilter {
  types: readonly string[] | null;
  sessionId: string | null;
}

/**
 * Returns the events after a sequence, up to another one, in the order of the commits.
 *
 * Those of a session, which has few events, are found by its index and sorted; otherwise it scans the sequences.
 */
export function listEventsAfter(
  queries: Queries,
  { orgId, mode }: Tenant,
  { types, sessionId }: EventFilter,
  { after, through, take }: { after: number; through: number; take: number },
): Promise<EventRow[]> {
  const ofType = types === null ? Prisma.empty : Prisma.sql`AND type = ANY (${types}::text[])`;
  // OFFSET keeps the planner from scanning all sequences until it has found enough of the session.
  const ofSession = sessionId === null ? Prisma.empty : Prisma.sql`AND session_id = ${sessionId} OFFSET 0`;
  return queries.query<EventRow>(Prisma.sql`
    SELECT ${Prisma.raw(COLUMNS)} FROM (
      SELECT * FROM events
       WHERE org_id = ${orgId} AND mode = ${mode} AND sequence > ${after}::bigint AND sequence <= ${through}::bigint
             ${ofType} ${ofSession}) AS event
     ORDER BY event.sequence LIMIT ${take}::int`);
}

/** Returns the sequence of the latest event of tenants, in one statement for many. */
export function findLatestSequences(
  queries: Queries,
  orgIds: readonly string[],
): Promise<(Tenant & { sequence: number })[]> {
  return queries.query<Tenant & { sequence: number }>(Prisma.sql`
    SELECT org_id AS "orgId", mode, event_sequence::float8 AS sequence FROM accounts
     WHERE org_id = ANY (${orgIds})`);
}

/** Returns the lowest id of an event that is kept. */
export function lowestKeptId(): string {
  return lowestIdAt('evt', new Date(currentTimeMs() - RETENTION_DAYS * DAY_MS));
}
