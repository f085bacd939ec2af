import { keyModeValues } from '@greenroom/contract';
import type { Database } from '@greenroom/database';

import { currentTime } from '../common/clock.ts';
import type { RetentionConfig } from '../common/config.ts';
import type { Tenant } from '../common/tenant.ts';
import { RETENTION_DAYS as EVENT_RETENTION_DAYS } from '../events/event-repository.ts';
import { monthOf } from '../usage/period.ts';
import { RETENTION_DAYS as DELIVERY_RETENTION_DAYS } from '../webhooks/webhook-delivery-repository.ts';
import { deleteDeliveries, findEndpointWithDeliveries } from '../webhooks/webhook-queue-repository.ts';
import {
  compactLedger,
  listOrgIds,
  PURGE_BATCH,
  purgeAudit,
  purgeDeliveries,
  purgeEvents,
  purgeSessions,
  purgeUsageEvents,
} from './purge-repository.ts';

const DAY_MS = 86_400_000;
/** Expired events stay this much longer for readers that resumed from one in its last moment. */
const EVENT_MARGIN_DAYS = 1;
const ORGS_AT_ONCE = 100;

type PurgeBatch = (database: Database, tenant: Tenant, before: Date) => Promise<number>;

/**
 * Deletes records older than their retention, in batches of one short transaction each. Usage events are deleted by
 * whole months, so that a month has all of its events or only its totals. Stopped by the signal, it continues in the
 * next run.
 */
export async function purgeExpired(
  database: Database,
  retention: RetentionConfig,
  { signal, now = currentTime() }: { signal?: AbortSignal; now?: Date } = {},
): Promise<void> {
  const before = (days: number) => new Date(now.getTime() - days * DAY_MS);
  // Sessions before the usage events that they were billed for.
  const purges: readonly [PurgeBatch, Date][] = [
    [purgeSessions, before(retention.sessionDays)],
    [purgeEvents, before(EVENT_RETENTION_DAYS + EVENT_MARGIN_DAYS)],
    [purgeDeliveries, before(DELIVERY_RETENTION_DAYS)],
    [purgeUsageEvents, monthOf(before(retention.usageDays)).start],
    [compactLedger, before(retention.ledgerDays)],
  ];
  const repeat = async (batch: () => Promise<number>): Promise<void> => {
    while (signal?.aborted !== true && (await batch()) === PURGE_BATCH);
  };
  await repeat(() => purgeAudit(database, before(retention.auditDays)));
  let orgIds: string[];
  let after = '';
  do {
    orgIds = await listOrgIds(database, { after, take: ORGS_AT_ONCE });
    for (const orgId of orgIds) {
      for (const mode of keyModeValues) {
        for (const [purge, time] of purges) await repeat(() => purge(database, { orgId, mode }, time));
        await deleteOrphanedDeliveries(database, { orgId, mode }, signal);
      }
    }
    after = orgIds.at(-1) ?? '';
  } while (orgIds.length === ORGS_AT_ONCE && signal?.aborted !== true);
}

/** Deletes the deliveries of deleted endpoints that a killed process left. */
async function deleteOrphanedDeliveries(
  database: Database,
  tenant: Tenant,
  signal: AbortSignal | undefined,
): Promise<void> {
  /** A function, because it changes during each wait. */
  const isStopped = () => signal?.aborted === true;
  let endpoint = await findEndpointWithDeliveries(database, tenant, '');
  while (endpoint !== null && !isStopped()) {
    while (endpoint.isDeleted && !isStopped() && (await deleteDeliveries(database, endpoint)));
    endpoint = await findEndpointWithDeliveries(database, tenant, endpoint.id);
  }
}
