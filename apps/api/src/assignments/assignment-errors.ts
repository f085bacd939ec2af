import { ApiError } from '../errors/api-error.ts';

/** Returns the error for a session that this assignment no longer holds. */
export function assignmentLost(sessionId: string): ApiError {
  return new ApiError('assignment.lost', { values: { session_id: sessionId }, param: 'fence' });
}

/** Returns the error for a session that does not exist or that another operator's worker has: the two must look the same. */
export function assignmentNotFound(sessionId: string): ApiError {
  return new ApiError('session.not_found', {
    situation: 'worker',
    values: { session_id: sessionId },
    param: 'session_id',
  });
}
