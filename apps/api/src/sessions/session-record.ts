import type { components } from '@greenroom/contract';
import type { Session } from '@greenroom/database';

import { createdAt } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';

/** The columns of `sessions` that responses contain, by their names in Prisma. */
const COLUMNS = [
  'orgId',
  'mode',
  'id',
  'status',
  'avatarId',
  'quality',
  'maxDurationSeconds',
  'idleTimeoutSeconds',
  'metadata',
  'transportType',
  'transportUrl',
  'roomName',
  'workerIdentity',
  'audioSource',
  'subscribeToIdentity',
  'syntheticAudioIfNoInput',
  'startedAt',
  'firstFrameAt',
  'endedAt',
  'failedAt',
  'failureCode',
  'failureMessage',
  'billableSeconds',
  'frames',
] as const satisfies (keyof Session)[];

/** A row of `sessions` without what only the server needs. */
export type SessionRecord = Pick<Session, (typeof COLUMNS)[number]>;

/** Selects a `SessionRecord` in SQL. */
export const SESSION_COLUMNS = selectColumns(COLUMNS);

/** The columns that are times. */
const TIMES = [
  'startedAt',
  'firstFrameAt',
  'endedAt',
  'failedAt',
] as const satisfies readonly (typeof COLUMNS)[number][];

/**
 * The record of the row `session` as SQL makes JSON of it, for the events. Kept instead of the resource, so that what the
 * document says of a session is written once, by `sessionResource`.
 */
export const SNAPSHOT = `jsonb_build_object(${COLUMNS.filter((field) => field !== 'orgId' && field !== 'mode')
  .map((field) => `'${field}', session.${columnOf(field)}`)
  .join(', ')})`;

/** Returns the record of a snapshot. */
export function recordOfSnapshot({ orgId, mode }: Tenant, snapshot: object): SessionRecord {
  const record = { ...(snapshot as SessionRecord), orgId, mode };
  for (const field of TIMES) {
    // A snapshot of an older release lacks what was added since.
    const time = record[field] as Date | null | undefined;
    record[field] = time === null || time === undefined ? null : new Date(time);
  }
  return record;
}

/** Returns the columns of fields as SQL selects them. */
export function selectColumns(fields: readonly string[]): string {
  return fields.map((field) => `${columnOf(field)} AS "${field}"`).join(', ');
}

/** Returns the column of a field. */
function columnOf(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

type Resource = components['schemas']['Session'];

/** Returns a session as the document describes it. */
export function sessionResource(record: SessionRecord): Resource {
  return {
    id: record.id,
    object: 'session',
    status: record.status,
    avatar_id: record.avatarId,
    transport: transportResource(record),
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

function transportResource(record: SessionRecord): Resource['transport'] {
  const { transportUrl, roomName, workerIdentity } = record;
  // Only a session in a room has them.
  if (transportUrl === null || roomName === null || workerIdentity === null) return { type: 'pipecat' };
  return {
    type: 'livekit',
    url: transportUrl,
    room_name: roomName,
    worker_token: '[redacted]',
    worker_identity: workerIdentity,
    audio_source: record.audioSource,
    subscribe_to_identity: record.subscribeToIdentity,
    synthetic_audio_if_no_input: record.syntheticAudioIfNoInput,
  };
}

function timestamp(time: Date | null): string | null {
  return time === null ? null : time.toISOString();
}

function failure({ failureCode, failureMessage }: SessionRecord): Resource['failure'] {
  if (failureCode === null) return null;
  return { code: failureCode as NonNullable<Resource['failure']>['code'], message: failureMessage ?? '' };
}
