// Generated from openapi/ by `pnpm generate`. Do not edit.

export const failureTexts = {
  'room.unreachable':
    'The worker could not join the room: the LiveKit server at `url` or its media ports did not respond, the server has no such room, the room is full, or the room is end-to-end encrypted. `message` says which.',
  'room.token_rejected':
    'The LiveKit server rejected `worker_token`, for example because it was signed with another key, or the token expired before a worker claimed the session.',
  'room.disconnected':
    'The worker was in the room and lost its connection: another participant took its identity, or the connection did not come back. When the room is deleted or closed, or the worker is removed, the session does not fail, but ends with that reason.',
  'worker.lost': 'The worker stopped reporting and did not come back.',
  'worker.unavailable': 'No worker claimed the session before its join deadline.',
  'worker.crashed': "The worker's process stopped with an error.",
  'runtime.error': 'The runtime that draws the avatar failed.',
} as const;
