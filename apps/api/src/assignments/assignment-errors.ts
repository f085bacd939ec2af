import { ApiError } from '../errors/api-error.ts';

/** The session has moved on. */
export function assignmentLost(sessionId: string): ApiError {
  return new ApiError('assignment.lost', { values: { session_id: sessionId }, param: 'fence' });
}

/** One answer for what does not exist and what is another operator's. */
export function assignmentNotFound(sessionId: string): ApiError {
  return new ApiError('session.not_found', {
    situation: 'worker',
    values: { session_id: sessionId },
    param: 'session_id',
  });
}
