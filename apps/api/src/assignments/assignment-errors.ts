import { ApiError } from '../errors/api-error.ts';

/** For a session that this assignment no longer holds. */
export function assignmentLost(sessionId: string): ApiError {
  return new ApiError('assignment.lost', { values: { session_id: sessionId }, param: 'fence' });
}

/** For a session that does not exist, and for one of another operator's worker: the two must be indistinguishable. */
export function assignmentNotFound(sessionId: string): ApiError {
  return new ApiError('session.not_found', {
    situation: 'worker',
    values: { session_id: sessionId },
    param: 'session_id',
  });
}
