// Generated from openapi/ by `pnpm generate`. Do not edit.

export const errorTable = {
  'body.malformed': {
    status: 400,
    type: 'invalid_request',
    title: 'The body cannot be read',
    cause:
      'The body of the request could not be parsed as what its content type says: JSON in UTF-8, or the parts of a multipart form. Or it broke off.',
    action: 'Look for a comma or a quote too many or too few, or let a library write the body.',
  },
  'request.malformed': {
    status: 400,
    type: 'invalid_request',
    title: 'The request is not HTTP',
    cause: 'The request could not be read as HTTP, or its headers are larger than 16 KB.',
    action: 'Check the client or proxy that wrote it, and send fewer or shorter headers.',
  },
  'status.unknown': {
    status: 400,
    type: 'invalid_request',
    title: 'Unknown status',
    cause: 'The `status` filter has a value that is neither a session status nor `active` or `terminal`.',
    action: 'Use one of the values that the document lists; repeat the parameter for several.',
  },
  'cursor.unknown': {
    status: 400,
    type: 'invalid_request',
    title: 'Unknown cursor',
    cause: '`starting_after` is not the id of an item in this list.',
    action:
      'Use the `next_cursor` of the page before, unchanged and on the same list. To begin anew, leave it out.',
  },
  'period.contradictory': {
    status: 400,
    type: 'invalid_request',
    title: 'Contradictory period',
    cause:
      'The parameters do not make one period: `period` beside `period_start` or `period_end`, one of those two without the other, or an end that is not after the start.',
    action:
      'Give `period` alone, or `period_start` and a later `period_end`, or nothing for the current month.',
  },
  'transport.unsupported': {
    status: 400,
    type: 'invalid_request',
    title: 'Transport not supported',
    cause: 'The transport types `websocket` and `pipecat` are reserved and not available yet.',
    action: 'Use the transport type `livekit`.',
  },
  'transport.insecure_url': {
    status: 400,
    type: 'invalid_request',
    title: 'Insecure transport',
    cause: 'The address begins with `ws://`, and this server only connects to rooms over TLS.',
    action: 'Use the `wss://` address of your LiveKit server.',
  },
  'avatar.stock': {
    status: 400,
    type: 'invalid_request',
    title: 'Stock avatar',
    cause: 'The avatar is one of the stock avatars, which belong to everybody.',
    action: 'Leave it; or delete an avatar of your own.',
  },
  'api_key.missing': {
    status: 401,
    type: 'authentication',
    title: 'No API key',
    cause: 'The request has no `Authorization` header.',
    action: 'Send your key as `Authorization: Bearer sk_…`.',
  },
  'api_key.malformed': {
    status: 401,
    type: 'authentication',
    title: 'Malformed API key',
    cause: 'The `Authorization` header does not hold a key of the form we give out.',
    action: 'Send `Bearer`, one space and the whole key. Look for quotes, line breaks and cut-off ends.',
  },
  'api_key.unknown': {
    status: 401,
    type: 'authentication',
    title: 'Unknown API key',
    cause: 'There is no such key.',
    action: 'Check that it is the key of this server and that it was copied whole; else create a new one.',
  },
  'api_key.expired': {
    status: 401,
    type: 'authentication',
    title: 'Expired API key',
    cause: 'The key has passed its `expires_at`.',
    action: 'Create a new key and use it instead.',
  },
  'api_key.revoked': {
    status: 401,
    type: 'authentication',
    title: 'Revoked API key',
    cause: 'The key has been deleted.',
    action: 'Use another key, or create a new one.',
  },
  insufficient_credit_balance: {
    status: 402,
    type: 'quota_exceeded',
    title: 'Not enough credits',
    cause: 'Your available credits do not cover what the session could cost at most.',
    action:
      'Add credits, ask for a shorter `max_duration_seconds` or a lower `quality`, or wait for live sessions to give back what they reserved.',
  },
  'api_key.scope_required': {
    status: 403,
    type: 'permission',
    title: 'Scope required',
    cause: 'The key is valid and lacks the scope that this operation needs.',
    action:
      'Use a key that has the scope. Scopes of a key cannot be changed; create a new key if you have none.',
  },
  'api_key.grant_exceeded': {
    status: 403,
    type: 'permission',
    title: 'Grant exceeds the key',
    cause:
      'The key to create would have a scope that the calling key lacks, or would outlive the calling key. `param` names the field.',
    action:
      'Ask for scopes that the calling key has and for an `expires_at` no later than its own, or call with a key that has more.',
  },
  'api_key.limit_reached': {
    status: 403,
    type: 'permission',
    title: 'Too many API keys',
    cause: 'Your organisation has as many API keys that work as it can have.',
    action: 'Delete a key that you no longer use.',
  },
  'avatar.limit_reached': {
    status: 403,
    type: 'permission',
    title: 'Too many avatars',
    cause: 'Your organisation has as many custom avatars as its plan allows.',
    action: 'Delete an avatar that you no longer use, or move to a larger plan.',
  },
  'api_key.wrong_kind': {
    status: 403,
    type: 'permission',
    title: 'Wrong kind of key',
    cause:
      "The credential is valid, and of a kind that this operation does not take: a worker's where an API key is needed, or the other way round.",
    action: 'Use an API key, `sk_live_…` or `sk_test_…`, for the operations of this API.',
  },
  'route.not_found': {
    status: 404,
    type: 'not_found',
    title: 'No such route',
    cause: 'There is no operation at this path.',
    action: 'Compare the path with the document: the version, the plural, a slash too many.',
  },
  'session.not_found': {
    status: 404,
    type: 'not_found',
    title: 'No such session',
    cause:
      'You have no session with this id. Sessions of other organisations, and of the other mode than the key, are not found either.',
    action:
      'Check the id, and that the key is of the same organisation and mode as the one that created the session.',
  },
  'avatar.not_found': {
    status: 404,
    type: 'not_found',
    title: 'No such avatar',
    cause: 'You can see no avatar with this id.',
    action: 'List the avatars and use an id from there.',
  },
  'avatar.no_portrait': {
    status: 404,
    type: 'not_found',
    'x-internal': true,
    title: 'No portrait',
    cause: "The session's avatar has no portrait: it is a stock avatar, which the runtime draws by itself.",
    action: "Show the look that goes with the avatar's id.",
  },
  'api_key.not_found': {
    status: 404,
    type: 'not_found',
    title: 'No such API key',
    cause: 'You have no key with this id in the mode of the key that asks.',
    action: 'List the keys and use an id from there, `key_…`; not the key itself.',
  },
  'worker.not_found': {
    status: 404,
    type: 'not_found',
    'x-internal': true,
    title: 'No such worker',
    cause: 'No worker is registered with this id, or it was silent for so long that it has been forgotten.',
    action: 'Register again and use the new id.',
  },
  'method.not_allowed': {
    status: 405,
    type: 'invalid_request',
    title: 'Method not allowed',
    cause: 'The path exists, and has no such method.',
    action: 'Use one of the methods that the `Allow` header lists.',
  },
  'request.timeout': {
    status: 408,
    type: 'invalid_request',
    title: 'Request timeout',
    cause: 'The request did not arrive in time: it stopped on the way, or came too slowly.',
    action: 'Send it again on a new connection. If that does not help, look at the network in between.',
  },
  'idempotency_key.reused': {
    status: 409,
    type: 'conflict',
    title: 'Idempotency key reused',
    cause: 'The `Idempotency-Key` was used within the last 24 hours with another body.',
    action: 'Use a new key for a new request. To retry, send exactly the same body.',
  },
  'idempotency_key.in_use': {
    status: 409,
    type: 'conflict',
    title: 'Idempotency key in use',
    cause: 'A request with this `Idempotency-Key` is still being worked on.',
    action: 'Wait for `Retry-After` seconds and send the same request again to get its answer.',
  },
  'worker_identity.in_use': {
    status: 409,
    type: 'conflict',
    title: 'Identity in use',
    cause: 'Another live session already holds this worker identity in this room.',
    action: 'Mint the token for another identity, or end the other session first.',
  },
  'avatar.not_ready': {
    status: 409,
    type: 'conflict',
    title: 'Avatar not ready',
    cause: 'The avatar exists and cannot perform: it is still being prepared, or could not be.',
    action: 'Wait until its status is `ready`. If it is `failed`, its `failure_reason` says what to mend.',
  },
  'assignment.lost': {
    status: 409,
    type: 'conflict',
    'x-internal': true,
    title: 'Assignment lost',
    cause: 'The session has moved on: its lease ran out, it was given to another worker, or it is over.',
    action: 'Leave the room at once and claim another session.',
  },
  'body.too_large': {
    status: 413,
    type: 'invalid_request',
    title: 'Body too large',
    cause: 'The body, or the file in it that `param` names, is larger than this operation takes.',
    action:
      'Send a smaller body. Large things do not belong in metadata; store them on your side and send their id. Scale pictures down or save them as JPEG.',
  },
  'content_type.unsupported': {
    status: 415,
    type: 'invalid_request',
    title: 'Content type not supported',
    cause:
      'The body is not declared as a content type that the operation takes, or is compressed in a way we do not read.',
    action:
      'Send JSON with the header `Content-Type: application/json`, or where the operation takes files `multipart/form-data`, uncompressed.',
  },
  'body.invalid': {
    status: 422,
    type: 'unprocessable',
    title: 'Invalid field',
    cause: 'A field of the body is missing, of the wrong type, or outside its limits.',
    action: 'Mend the field that `param` names; the message says what was expected.',
  },
  'body.unknown_field': {
    status: 422,
    type: 'unprocessable',
    title: 'Unknown field',
    cause:
      'The body has a field that this operation does not know. We refuse it rather than leave you believing that it did something.',
    action: 'Check its spelling, or leave it out.',
  },
  'parameter.invalid': {
    status: 422,
    type: 'unprocessable',
    title: 'Invalid parameter',
    cause:
      'A parameter of the path, the query or the headers is not of the right form, is outside its limits, or is given twice.',
    action: 'Mend the parameter that `param` names; the message says what was expected.',
  },
  'parameter.unknown': {
    status: 422,
    type: 'unprocessable',
    title: 'Unknown parameter',
    cause:
      'The query has a parameter that this operation does not know. We refuse it rather than leave you believing that it did something.',
    action: 'Check its spelling, or leave it out.',
  },
  'metadata.too_large': {
    status: 422,
    type: 'unprocessable',
    title: 'Metadata too large',
    cause: 'The metadata takes more than 8192 bytes when written as JSON.',
    action: 'Keep ids in the metadata and what they stand for on your side.',
  },
  'metadata.invalid_number': {
    status: 422,
    type: 'unprocessable',
    title: 'Number cannot be kept exactly',
    cause: 'The metadata has a number beyond ±(2^53−1), which many JSON readers round (RFC 8259, section 6).',
    action: 'Send it as a string.',
  },
  'image.unsupported': {
    status: 422,
    type: 'unprocessable',
    title: 'Image format not supported',
    cause:
      'The bytes of the image are not those of a PNG, JPEG or WebP file. The name of the file and the content type that it is sent with do not count.',
    action: 'Save the picture as PNG, JPEG or WebP and send that file.',
  },
  'image.unreadable': {
    status: 422,
    type: 'unprocessable',
    title: 'Image cannot be read',
    cause:
      'The file begins like a PNG, JPEG or WebP file and cannot be decoded: it is damaged, cut off, or takes more time or memory than an image gets.',
    action: 'Open it in an image editor, save it again and send the new file.',
  },
  'image.too_many_pixels': {
    status: 422,
    type: 'unprocessable',
    title: 'Too many pixels',
    cause: 'The picture has more than 40 million pixels, or takes more than 240 MB once it is decoded.',
    action:
      'Scale it down, or save it with 8 bits per channel and without interlacing. Portraits are shown at most 1024 pixels wide.',
  },
  'worker_token.malformed': {
    status: 422,
    type: 'unprocessable',
    title: 'Malformed worker token',
    cause: 'The token is not a LiveKit access token: not three parts of base64url, or not JSON inside.',
    action: 'Mint it with a LiveKit server SDK and pass it whole, without `Bearer` before it.',
  },
  'worker_token.expired': {
    status: 422,
    type: 'unprocessable',
    title: 'Worker token expired',
    cause: "The token's `exp` has passed.",
    action:
      'Mint a new token just before you create the session, and give it enough time for the session to start.',
  },
  'worker_token.not_yet_valid': {
    status: 422,
    type: 'unprocessable',
    title: 'Worker token not yet valid',
    cause: "The token's `nbf` lies more than 60 seconds in the future.",
    action: 'Check the clock of the machine that mints it, or mint it without `nbf`.',
  },
  'worker_token.room_mismatch': {
    status: 422,
    type: 'unprocessable',
    title: 'Token for another room',
    cause: "The token's grant `video.room` is missing, or names another room than `room_name`.",
    action: 'Mint the token for the room that the session is to join.',
  },
  'worker_token.identity_mismatch': {
    status: 422,
    type: 'unprocessable',
    title: 'Token for another identity',
    cause: "The token's `sub` is another identity than `worker_identity`.",
    action:
      "Mint the token for the same identity, or leave out `worker_identity`: the session then takes the token's.",
  },
  'worker_token.cannot_join': {
    status: 422,
    type: 'unprocessable',
    title: 'Token cannot join',
    cause: "The token's grant does not have `roomJoin`.",
    action: 'Mint the token with `roomJoin: true`.',
  },
  'worker_token.cannot_publish': {
    status: 422,
    type: 'unprocessable',
    title: 'Token cannot publish',
    cause:
      "The token's grant forbids publishing (`canPublish`, `canPublishSources`, or `canPublishData` with `data_stream`), or hides the participant (`hidden`, `recorder`), so nobody could see or hear the avatar.",
    action: 'Mint the token with `canPublish: true` and without `hidden` and `recorder`.',
  },
  'worker_token.cannot_subscribe': {
    status: 422,
    type: 'unprocessable',
    title: 'Token cannot subscribe',
    cause: "The token's grant has `canSubscribe: false`, and the session listens to a track.",
    action: 'Mint the token with `canSubscribe: true`, or use `audio_source` `data_stream`.',
  },
  'rate_limit.exceeded': {
    status: 429,
    type: 'rate_limit',
    title: 'Too many requests',
    cause: 'You are calling faster than the rate limit allows.',
    action:
      'Wait for `Retry-After` seconds. The `RateLimit` header of every answer tells you how much is left.',
  },
  concurrent_sessions: {
    status: 429,
    type: 'quota_exceeded',
    title: 'Too many live sessions',
    cause: 'You have as many live sessions as your plan allows.',
    action: 'End a session, wait for one to end, or move to a larger plan.',
  },
  internal: {
    status: 500,
    type: 'internal',
    title: 'Internal error',
    cause: "Something went wrong on our side. It has been logged under the request's id.",
    action: 'Try again. If it stays, tell us the `request_id`.',
  },
  at_capacity: {
    status: 503,
    type: 'service_unavailable',
    title: 'At capacity',
    cause: 'There is more to do right now than we can.',
    action: 'Wait for `Retry-After` seconds and try again.',
  },
  draining: {
    status: 503,
    type: 'service_unavailable',
    title: 'Restarting',
    cause: 'This server is being stopped and takes no new requests; another one will answer in a moment.',
    action: 'Wait for `Retry-After` seconds and try again.',
  },
  'database.unavailable': {
    status: 503,
    type: 'service_unavailable',
    title: 'Database unavailable',
    cause: 'Our database does not answer. Nothing was changed.',
    action: 'Wait for `Retry-After` seconds and try again.',
  },
} as const;

export type ErrorCode = keyof typeof errorTable;
