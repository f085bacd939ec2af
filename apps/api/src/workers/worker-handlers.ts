import type { Database } from '@greenroom/database';

import type { ClaimService } from '../assignments/claim-service.ts';
import { currentTime } from '../common/clock.ts';
import type { DispatchConfig } from '../common/config.ts';
import { createdAt, newId } from '../common/ids.ts';
import type { Handlers } from '../contract/handlers.ts';
import { currentRuntimeType, performableBy } from '../dispatch/runtime-type.ts';
import { ApiError } from '../errors/api-error.ts';
import { insertWorker, touchWorker } from './worker-repository.ts';

export function workerHandlers(
  database: Database,
  claims: ClaimService,
  { leaseSeconds, reportIntervalSeconds }: DispatchConfig,
): Handlers['workers'] {
  return {
    async register({ identity, body }) {
      const { id, ...worker } = await insertWorker(database, {
        id: newId('wkr'),
        name: body.name,
        runtimeType: currentRuntimeType(body.runtime_type),
        qualities: body.qualities,
        slots: body.slots,
        mediaUrl: body.media_url?.replace(/\/$/, '') ?? null,
        version: body.version,
        workerKeyId: identity.keyId,
        lastSeenAt: currentTime(),
      });
      return {
        status: 201,
        body: {
          id,
          object: 'worker',
          name: worker.name,
          runtime_type: worker.runtimeType,
          qualities: worker.qualities,
          slots: worker.slots,
          media_url: worker.mediaUrl,
          version: worker.version,
          report_interval_seconds: reportIntervalSeconds,
          lease_seconds: leaseSeconds,
          created_at: createdAt(id).toISOString(),
        },
      };
    },

    async claim({ identity, path, body, signal, withoutCapacity }) {
      const worker = await touchWorker(database, path.worker_id, identity.keyId);
      if (worker === null) {
        throw new ApiError('worker.not_found', {
          values: { worker_id: path.worker_id },
          param: 'worker_id',
        });
      }
      const { id: workerId, qualities, slots } = worker;
      const assignment = await claims.claim(
        { workerId, runtimeTypes: performableBy(worker), qualities, slots },
        { waitSeconds: body.wait_seconds, signal, withoutCapacity },
      );
      return assignment === null ? { status: 204 } : { status: 200, body: assignment };
    },
  };
}
