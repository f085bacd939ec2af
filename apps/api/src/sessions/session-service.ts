import type { Database } from '@greenroom/database';

import { recordAudit, type Actor } from '../audit/audit-repository.ts';
import type { Tenant } from '../common/tenant.ts';
import { ApiError } from '../errors/api-error.ts';
import { lockAssignment } from './assignment-repository.ts';
import { endTransition } from './lifecycle.ts';
import { liveSession } from './live-session.ts';
import { retryOutdated } from './retry-outdated.ts';
import type { SessionRecord } from './session-record.ts';
import { findSessionWithCounters } from './session-repository.ts';
import type { SessionTransitions } from './session-transitions.ts';

/** @throws {ApiError} 404 when the tenant has no such session */
export async function getSession(database: Database, tenant: Tenant, id: string): Promise<SessionRecord> {
  const session = await findSessionWithCounters(database, tenant, id);
  if (session !== null) return session;
  throw new ApiError('session.not_found', { values: { session_id: id }, param: 'session_id' });
}

/**
 * Ends a live session. Returns null, and changes nothing, when it does not exist, or ends or has ended already.
 *
 * @param auditedActor records the change, unless its customer makes it
 */
export async function endSession(
  { database, transitions }: { database: Database; transitions: SessionTransitions },
  tenant: Tenant,
  id: string,
  auditedActor: Actor | null = null,
): Promise<SessionRecord | null> {
  return retryOutdated(() =>
    database.transaction(async (tx) => {
      const assignment = await lockAssignment(tx, id, { tenant });
      const transition = assignment === null ? null : endTransition(assignment.status);
      if (assignment === null || transition === null) return null;
      if (auditedActor !== null) {
        const { orgId, mode } = tenant;
        const record = { orgId, action: 'session.end', objectId: id, details: { mode } } as const;
        await recordAudit(tx, auditedActor, record);
      }
      return transitions.commit(tx, transitions.apply(liveSession(assignment), transition));
    }),
  );
}
