// Generated from openapi/ by `pnpm generate`. Do not edit.

export const reasonTexts = {
  'session.created': 'You created it.',
  'session.end_requested': 'You ended it.',
  'session.replaced': 'A session for another agent took over the identity in the room.',
  'session.idle': 'No audio was received for `idle_timeout_seconds`.',
  'session.max_duration': 'The session is about to reach `max_duration_seconds`.',
  'worker.starting': 'A worker claimed the session and is joining the room or waiting for the client.',
  'worker.first_frame': 'The worker published the first video frame.',
  'worker.left': 'The worker has finished and left the room.',
  'worker.lost':
    'The worker stopped reporting. Before the first frame, a session in a room is queued again once.',
  'worker.unavailable': 'No worker claimed the session in time.',
  'performance.finished': 'The worker has nothing left to perform, or is stopping.',
  'room.deleted': 'The room was deleted.',
  'room.closed': 'The room was closed.',
  'worker.removed': 'The worker was removed from the room.',
  'agent.left': "The participant named in the token's `lk.publish_on_behalf` left the room.",
  'client.left':
    'The client disconnected and did not come back in time, closed the connection, or did not wait for a worker.',
  'client.never_connected': 'The client did not connect to the worker in time. Nothing was charged.',
  'first_frame.deadline': 'The worker published no video in time.',
  'drain.deadline': 'The worker did not leave in time, and the session ended without it.',
  'room.token_rejected': 'The token expired before a worker claimed the session, or LiveKit rejected it.',
} as const;
