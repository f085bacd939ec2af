import type { components } from '@greenroom/contract';
import type { Session } from '@greenroom/database';

import { createdAt } from '../common/ids.ts';

/** A row of `sessions` without what never leaves the database. */
export type SessionRecord = Omit<
  Session,
  | 'participantSlotHash'
  | 'workerTokenHash'
  | 'workerTokenEncrypted'
  | 'workerTokenExpiresAt'
  | 'actsFor'
  | 'replacedTokenHashes'
  | 'mediaMs'
  | 'billedSeconds'
  | 'billedCredits'
  | 'creditsReserved'
  | 'runtimeType'
  | 'workerId'
  | 'fence'
  | 'assignedAt'
  | 'leaseUntil'
  | 'requeues'
  | 'transitions'
  | 'deadlineAt'
>;

/** The columns of a `SessionRecord`, as SQL. */
export const SESSION_COLUMNS = `
  org_id AS "orgId", mode, id, status, avatar_id AS "avatarId", quality,
  max_duration_seconds AS "maxDurationSeconds", idle_timeout_seconds AS "idleTimeoutSeconds", metadata,
  transport_type AS "transportType", transport_url AS "transportUrl", room_name AS "roomName",
  worker_identity AS "workerIdentity", audio_source AS "audioSource",
  subscribe_to_identity AS "subscribeToIdentity", synthetic_audio_if_no_input AS "syntheticAudioIfNoInput",
  started_at AS "startedAt", first_frame_at AS "firstFrameAt", ended_at AS "endedAt", failed_at AS "failedAt",
  failure_code AS "failureCode", failure_message AS "failureMessage",
  billable_seconds AS "billableSeconds", frames`;

type Resource = components['schemas']['Session'];

/** The session as it is on the wire. */
export function sessionResource(record: SessionRecord): Resource {
  return {
    id: record.id,
    object: 'session',
    status: record.status,
    avatar_id: record.avatarId,
    transport: {
      type: 'livekit',
      url: record.transportUrl,
      room_name: record.roomName,
      worker_token: '[redacted]',
      worker_identity: record.workerIdentity,
      audio_source: record.audioSource,
      subscribe_to_identity: record.subscribeToIdentity,
      synthetic_audio_if_no_input: record.syntheticAudioIfNoInput,
    },
    quality: record.quality,
    max_duration_seconds: record.maxDurationSeconds,
    idle_timeout_seconds: record.idleTimeoutSeconds,
    metadata: record.metadata as Resource['metadata'],
    created_at: createdAt(record.id).toISOString(),
    started_at: timestamp(record.startedAt),
    first_frame_at: timestamp(record.firstFrameAt),
    ended_at: timestamp(record.endedAt),
    failed_at: timestamp(record.failedAt),
    failure: failure(record),
    usage: { billable_seconds: record.billableSeconds, frames: record.frames },
  };
}

function timestamp(time: Date | null): string | null {
  return time === null ? null : time.toISOString();
}

function failure({ failureCode, failureMessage }: SessionRecord): Resource['failure'] {
  if (failureCode === null) return null;
  return { code: failureCode as NonNullable<Resource['failure']>['code'], message: failureMessage ?? '' };
}
