import { ApiError } from '../http/api-error.ts';

/** The session has moved on. */
export function lost(sessionId: string): ApiError {
  return new ApiError('assignment.lost', {
    message: `Session ${sessionId} is no longer yours: its lease ran out or it is over. Leave the room and claim another.`,
    param: 'fence',
  });
}

/** One answer for what does not exist and what is another operator's. */
export function notFound(sessionId: string): ApiError {
  return new ApiError('session.not_found', {
    message: `No session ${sessionId} was handed to a worker of this key. Check the id and the key.`,
    param: 'session_id',
  });
}
