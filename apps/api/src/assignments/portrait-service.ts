import type { Database } from '@greenroom/database';

import { findPortrait } from '../avatars/portrait-repository.ts';
import { ApiError } from '../errors/api-error.ts';
import { findFinalFence } from '../sessions/session-repository.ts';
import { assignmentLost, assignmentNotFound } from './assignment-errors.ts';
import { findHolder } from './report-repository.ts';
import type { Reporter } from './report-service.ts';

/**
 * Returns the portrait of the avatar that a worker performs.
 *
 * @throws {ApiError} 404 when the worker never held the session or the avatar has no portrait, 409 when the assignment
 * is lost
 */
export async function portraitFor(
  database: Database,
  { sessionId, workerKeyId }: Reporter,
  fence: number,
): Promise<Uint8Array> {
  const held = await findHolder(database, sessionId);
  if (held === null) {
    const isOver = (await findFinalFence(database, sessionId)) !== undefined;
    throw isOver ? assignmentLost(sessionId) : assignmentNotFound(sessionId);
  }
  if (held.fence !== fence || held.workerKeyId === null) throw assignmentLost(sessionId);
  if (held.workerKeyId !== workerKeyId) throw assignmentNotFound(sessionId);
  const portrait = await findPortrait(database, { orgId: held.orgId, id: held.avatarId });
  if (portrait !== null) return portrait;
  throw new ApiError('avatar.no_portrait', {
    values: { avatar_id: held.avatarId },
    param: 'session_id',
  });
}
