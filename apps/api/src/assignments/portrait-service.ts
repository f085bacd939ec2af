import type { Database } from '@greenroom/database';

import { findPortrait } from '../avatars/portrait-repository.ts';
import { ApiError } from '../errors/api-error.ts';
import { assignmentLost, assignmentNotFound } from './assignment-errors.ts';
import { findAssignmentHolder } from './assignment-repository.ts';
import type { Reporter } from './report-service.ts';

/**
 * The picture of the avatar that a worker performs.
 *
 * @throws {ApiError} 404 for a session that the worker never held and for an avatar without a portrait, 409 for a
 * session that has moved on
 */
export async function portraitFor(
  database: Database,
  { sessionId, workerKeyId }: Reporter,
  fence: number,
): Promise<Uint8Array> {
  const held = await findAssignmentHolder(database, sessionId);
  if (held === null) throw assignmentNotFound(sessionId);
  if (held.fence !== fence || held.workerKeyId === null) throw assignmentLost(sessionId);
  if (held.workerKeyId !== workerKeyId) throw assignmentNotFound(sessionId);
  const portrait = await findPortrait(database, { orgId: held.orgId, id: held.avatarId });
  if (portrait !== null) return portrait;
  throw new ApiError('avatar.no_portrait', {
    values: { avatar_id: held.avatarId },
    param: 'session_id',
  });
}
