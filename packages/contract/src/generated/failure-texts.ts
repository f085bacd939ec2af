// Generated from openapi/ by `pnpm generate`. Do not edit.

export const failureTexts = {
  'room.unreachable':
    'The worker could not take part in the room: the LiveKit server at `url` or its media ports did not respond, it has no such room, the room is full, or the room is encrypted end to end. `message` says which.',
  'room.token_rejected':
    'The LiveKit server refused `worker_token`, for example because it was signed with another key, or the token expired before a worker took the session.',
  'room.disconnected':
    'The worker was in the room and lost it: another participant took its identity, or the connection did not come back. A room that is deleted or closed, and the removal of the worker, are no failures: the session ends with a reason.',
  'worker.lost': 'The worker stopped reporting and did not come back.',
  'worker.unavailable': 'No worker took the session before its join deadline.',
  'worker.crashed': "The worker's process stopped on an error.",
  'runtime.error': 'The runtime that draws the avatar failed.',
} as const;
