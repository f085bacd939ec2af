import { keyModeValues } from '@greenroom/contract';
import type { Database } from '@greenroom/database';

import { currentTime } from '../common/clock.ts';
import type { RetentionConfig } from '../common/config.ts';
import type { Tenant } from '../common/tenant.ts';
import { monthOf } from '../usage/period.ts';
import {
  compactLedger,
  listOrgIds,
  PURGE_BATCH,
  purgeAudit,
  purgeSessions,
  purgeUsageEvents,
} from './purge-repository.ts';

const DAY_MS = 86_400_000;
const ORGS_AT_ONCE = 100;

type PurgeBatch = (database: Database, tenant: Tenant, before: Date) => Promise<number>;

/**
 * Deletes what is older than its retention, in batches of one short transaction each. Usage events are deleted by whole
 * months, so that a month has all of its events or only its totals. Stopped by the signal, it continues in the next run.
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
      }
    }
    after = orgIds.at(-1) ?? '';
  } while (orgIds.length === ORGS_AT_ONCE && signal?.aborted !== true);
}
