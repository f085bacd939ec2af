// Generated from openapi/ by `pnpm generate`. Do not edit.

export const errorTable = {
  'body.malformed': {
    status: 400,
    type: 'invalid_request',
    title: 'The body cannot be read',
    messages: {
      json: 'The body is not valid JSON: unexpected {found} at line {line}, column {column}. Check the quotes, commas and brackets up to there.',
      utf8: 'The body is not valid UTF-8. Encode it as UTF-8 and send it again.',
      field_utf8: '`{field}` is not valid UTF-8. Encode it as UTF-8 and send it again.',
      form: 'The body is not a complete multipart form. Let a library write it, including the boundary.',
      length: 'The body does not match its `Content-Length`, or is incomplete. Send all of it.',
      encoding:
        'The body does not match its `Content-Encoding` {encoding}. Compress it again, or send it uncompressed.',
    },
    sample: { field: 'name', found: '`}`', line: 4, column: 1, encoding: '`gzip`' },
    cause:
      'The body is incomplete, or cannot be parsed as its content type: JSON in UTF-8, or a multipart form.',
    action: 'Check the position in the message, or let a library write the body.',
    example: {
      message:
        'The body is not valid JSON: unexpected `}` at line 4, column 1. Check the quotes, commas and brackets up to there.',
      param: null,
    },
  },
  'request.malformed': {
    status: 400,
    type: 'invalid_request',
    title: 'The request is not HTTP',
    messages: {
      http: 'This is not a complete HTTP/1.1 request. Check the client or the proxy that sent it.',
      headers: 'The headers of the request are larger than {limit}. Send fewer or shorter headers.',
      path: 'The path is not percent-encoded UTF-8. Encode it again.',
      host: 'The request has {count} `Host` headers; it needs exactly one. Check the client or the proxy that sent it.',
    },
    sample: { limit: '16 KiB', count: 2 },
    cause: 'The request is not HTTP/1.1, or its headers are larger than 16 KiB.',
    action: 'Check the client or proxy that wrote it, and send fewer or shorter headers.',
    example: {
      message: 'This is not a complete HTTP/1.1 request. Check the client or the proxy that sent it.',
      param: null,
    },
  },
  'status.unknown': {
    status: 400,
    type: 'invalid_request',
    title: 'Unknown status',
    messages: {
      default:
        '`{param}` must be one of {allowed}. You sent {sent}. For several values, repeat the parameter: `?{param}=running&{param}=queued`.',
      list: 'Repeat `{param}` for several values: `?{param}=running&{param}=queued`. Each is one of {allowed}. You sent {sent}.',
    },
    sample: {
      param: 'status',
      allowed:
        '`created`, `queued`, `starting`, `running`, `ending`, `ended`, `failed`, `canceled`, `active` or `terminal`',
      sent: '`sleeping`',
    },
    cause: 'The `status` filter has a value that is neither a session status nor `active` or `terminal`.',
    action: 'Use one of the values in the message; repeat the parameter for several.',
    example: {
      message:
        '`status` must be one of `created`, `queued`, `starting`, `running`, `ending`, `ended`, `failed`, `canceled`, `active` or `terminal`. You sent `sleeping`. For several values, repeat the parameter: `?status=running&status=queued`.',
      param: 'status',
    },
  },
  'cursor.unknown': {
    status: 400,
    type: 'invalid_request',
    title: 'Unknown cursor',
    messages: {
      default:
        '`{param}` is not the id of an item in this list. Pass the `next_cursor` of the previous page, or leave it out to start again.',
      repeated: '`{param}` takes one value. Send it once.',
      event:
        '`{param}` is not the id of one of your events. Send the id of the last event that you have seen, or leave it out to begin with the next event.',
    },
    sample: { param: 'starting_after' },
    cause:
      '`starting_after` is not the id of an item in this list, or `last_event_id` is not the id of one of your events.',
    action:
      "Use the `next_cursor` of the previous page, or the `id` of the stream's last event, unchanged. To start again, leave it out.",
    example: {
      message:
        '`starting_after` is not the id of an item in this list. Pass the `next_cursor` of the previous page, or leave it out to start again.',
      param: 'starting_after',
    },
  },
  'cursor.expired': {
    status: 400,
    type: 'invalid_request',
    title: 'Expired cursor',
    messages: {
      default:
        'The event in `{param}` is older than {days} days, so events after it may be deleted. Send `{first}` to begin with the oldest event that is kept, and read your sessions again.',
    },
    sample: { param: 'last_event_id', days: 30, first: 'evt_00000000000000000000000000' },
    cause: 'The stream cannot resume after the event, because the event is older than those that are kept.',
    action:
      'Read the current state from the lists, then start the stream again with the oldest event that is kept, or without a cursor.',
    example: {
      message:
        'The event in `last_event_id` is older than 30 days, so events after it may be deleted. Send `evt_00000000000000000000000000` to begin with the oldest event that is kept, and read your sessions again.',
      param: 'last_event_id',
    },
  },
  'period.contradictory': {
    status: 400,
    type: 'invalid_request',
    title: 'Contradictory period',
    messages: {
      both: '`period` cannot be combined with `period_start` or `period_end`. Send one or the other.',
      half: '`{param}` is missing: `period_start` and `period_end` belong together. Send both, or neither for the current month.',
      order: '`period_end` must be later than `period_start`. Send a later `period_end`.',
    },
    sample: { param: 'period' },
    cause:
      'The parameters do not define one period: `period` is combined with `period_start` or `period_end`, one of these two lacks the other, or the end is not after the start.',
    action:
      'Send only `period`, or `period_start` and a later `period_end`, or nothing for the current month.',
    example: {
      message: '`period` cannot be combined with `period_start` or `period_end`. Send one or the other.',
      param: 'period',
    },
  },
  'transport.unsupported': {
    status: 400,
    type: 'invalid_request',
    title: 'Transport not supported',
    messages: {
      default: 'The transport `{transport}` is reserved and not available yet. Use `livekit`.',
      pipecat:
        'Sessions with the transport `{transport}` have a separate operation. Use `POST /v1/pipecat/sessions`, or `livekit` here.',
    },
    sample: { param: 'transport.type', transport: 'websocket' },
    cause:
      'The transport type `websocket` is reserved and not available yet. Sessions of the type `pipecat` are created with `POST /v1/pipecat/sessions`.',
    action: 'Use the transport type `livekit`, or `POST /v1/pipecat/sessions`.',
    example: {
      message: 'The transport `websocket` is reserved and not available yet. Use `livekit`.',
      param: 'transport.type',
    },
  },
  'transport.insecure_url': {
    status: 400,
    type: 'invalid_request',
    title: 'Insecure transport',
    messages: {
      default:
        '`{param}` begins with `ws://`, which this server does not allow. Use the `wss://` address of your LiveKit server.',
    },
    sample: { param: 'transport.url' },
    cause: 'The address begins with `ws://`, but this server connects to rooms only over TLS.',
    action: 'Use the `wss://` address of your LiveKit server.',
    example: {
      message:
        '`transport.url` begins with `ws://`, which this server does not allow. Use the `wss://` address of your LiveKit server.',
      param: 'transport.url',
    },
  },
  'webhook_endpoint.insecure_url': {
    status: 400,
    type: 'invalid_request',
    title: 'Insecure webhook URL',
    messages: {
      default: '`{param}` begins with `http://`, which this server does not allow. Use an `https://` URL.',
      credentials:
        '`{param}` has a user name, a password or a fragment. Leave it out. Verify the signature of each delivery instead.',
    },
    sample: { param: 'url' },
    cause: 'The URL of the endpoint begins with `http://`, or has a user name, a password or a fragment.',
    action: 'Use an `https://` URL without them, and verify the signature of each delivery.',
    example: {
      message: '`url` begins with `http://`, which this server does not allow. Use an `https://` URL.',
      param: 'url',
    },
  },
  'webhook_endpoint.private_url': {
    status: 400,
    type: 'invalid_request',
    title: 'Private webhook URL',
    messages: {
      default:
        'The host of `{param}` is not a public address. Use a host that is reachable from the internet.',
    },
    sample: { param: 'url' },
    cause: 'The host of the URL is a private, local or reserved address, to which nothing is sent.',
    action:
      'Use a host that is reachable from the internet. For tests on your machine, use a tunnel, or a server that allows loopback addresses.',
    example: {
      message: 'The host of `url` is not a public address. Use a host that is reachable from the internet.',
      param: 'url',
    },
  },
  'avatar.stock': {
    status: 400,
    type: 'invalid_request',
    title: 'Stock avatar',
    messages: {
      default: 'Avatar `{avatar_id}` is a stock avatar and cannot be deleted. Delete only custom avatars.',
    },
    sample: { param: 'avatar_id', avatar_id: 'av_stock_001' },
    cause: 'The avatar is one of the stock avatars, which every organisation uses.',
    action: 'Stock avatars cannot be deleted. Delete only custom avatars.',
    example: {
      message: 'Avatar `av_stock_001` is a stock avatar and cannot be deleted. Delete only custom avatars.',
      param: 'avatar_id',
    },
  },
  'api_key.missing': {
    status: 401,
    type: 'authentication',
    title: 'No API key',
    messages: { default: 'The request has no API key. Send it as `Authorization: Bearer sk_…`.' },
    cause: 'The request has no `Authorization` header.',
    action: 'Send your key as `Authorization: Bearer sk_…`.',
    example: { message: 'The request has no API key. Send it as `Authorization: Bearer sk_…`.', param: null },
  },
  'api_key.malformed': {
    status: 401,
    type: 'authentication',
    title: 'Malformed API key',
    messages: {
      key: 'The bearer token is not a Greenroom key. Keys begin with `sk_live_`, `sk_test_` or `wk_`. Copy the whole key again.',
      scheme: 'The `Authorization` header is not a bearer key. Send it as `Authorization: Bearer sk_…`.',
    },
    cause: 'The `Authorization` header does not contain a key in the format of this server.',
    action:
      'Send `Bearer`, one space and the whole key. Check for quotes, line breaks and missing characters.',
    example: {
      message:
        'The bearer token is not a Greenroom key. Keys begin with `sk_live_`, `sk_test_` or `wk_`. Copy the whole key again.',
      param: null,
    },
  },
  'api_key.unknown': {
    status: 401,
    type: 'authentication',
    title: 'Unknown API key',
    messages: {
      default: 'This API key does not exist here. Check that it was copied whole and belongs to this server.',
    },
    cause: 'This server does not know the key.',
    action: 'Check that the key belongs to this server and was copied whole; otherwise, create a new one.',
    example: {
      message: 'This API key does not exist here. Check that it was copied whole and belongs to this server.',
      param: null,
    },
  },
  'api_key.expired': {
    status: 401,
    type: 'authentication',
    title: 'Expired API key',
    messages: { default: 'This API key expired at `{expired_at}`. Create a new key.' },
    sample: { expired_at: '2026-03-12T00:00:00.000Z' },
    cause: 'The key has passed its `expires_at`.',
    action: 'Create a new key and use it instead.',
    example: {
      message: 'This API key expired at `2026-03-12T00:00:00.000Z`. Create a new key.',
      param: null,
    },
  },
  'api_key.revoked': {
    status: 401,
    type: 'authentication',
    title: 'Revoked API key',
    messages: { default: 'This API key was revoked. Use another key, or create a new one.' },
    cause: 'The key was revoked.',
    action: 'Use another key, or create a new one.',
    example: { message: 'This API key was revoked. Use another key, or create a new one.', param: null },
  },
  insufficient_credit_balance: {
    status: 402,
    type: 'quota_exceeded',
    title: 'Not enough credits',
    messages: {
      default:
        'Credits: {available} available, but this session can cost up to {cost}. Send a shorter `max_duration_seconds` or a lower `quality`, or add credits.',
    },
    sample: { cost: 20, available: 4 },
    cause: 'Your available credits do not cover the maximum cost of the session.',
    action:
      'Add credits, send a shorter `max_duration_seconds` or a lower `quality`, or wait for live sessions to release their reserved credits.',
    example: {
      message:
        'Credits: 4 available, but this session can cost up to 20. Send a shorter `max_duration_seconds` or a lower `quality`, or add credits.',
      param: null,
    },
  },
  'api_key.scope_required': {
    status: 403,
    type: 'permission',
    title: 'Scope required',
    messages: { default: 'This key lacks the scope {scopes}. Use a key that has it, or create one.' },
    sample: { scopes: '`sessions:write`' },
    cause: 'The key is valid, but lacks the scope that this operation needs.',
    action:
      "Use a key that has the scope. A key's scopes cannot be changed; if you have no such key, create a new one.",
    example: {
      message: 'This key lacks the scope `sessions:write`. Use a key that has it, or create one.',
      param: null,
    },
  },
  'api_key.grant_exceeded': {
    status: 403,
    type: 'permission',
    title: 'Grant exceeds the key',
    messages: {
      scopes:
        'A key can grant only scopes that it has. The calling key lacks {scopes}. Leave these out, or call with another key.',
      expiry:
        'The calling key expires at `{expires_at}`. Send an `expires_at` that is no later, or call with a key that lasts longer.',
    },
    sample: { param: 'scopes', scopes: '`usage:read`', expires_at: '2026-12-31T00:00:00.000Z' },
    cause:
      'The new key would have a scope that the calling key lacks, or would expire later than the calling key. `param` names the field.',
    action:
      'Send only scopes that the calling key has, and an `expires_at` no later than its own, or call with a key that has more scopes or lasts longer.',
    example: {
      message:
        'A key can grant only scopes that it has. The calling key lacks `usage:read`. Leave these out, or call with another key.',
      param: 'scopes',
    },
  },
  'api_key.limit_reached': {
    status: 403,
    type: 'permission',
    title: 'Too many API keys',
    messages: {
      default:
        'API keys in test and live mode together: {count} of {limit}. Delete one that you no longer use.',
    },
    sample: { count: 100, limit: 100 },
    cause: 'Your organisation has the maximum number of valid API keys.',
    action: 'Delete a key that you no longer use.',
    example: {
      message: 'API keys in test and live mode together: 100 of 100. Delete one that you no longer use.',
      param: null,
    },
  },
  'avatar.limit_reached': {
    status: 403,
    type: 'permission',
    title: 'Too many avatars',
    messages: {
      default:
        'Custom avatars in test and live mode together: {count} of {limit}. Delete one, or ask the operator of this server for a larger plan.',
    },
    sample: { count: 20, limit: 20 },
    cause: 'Your organisation has as many custom avatars as its plan allows.',
    action: 'Delete an avatar that you no longer use, or ask the operator of this server for a larger plan.',
    example: {
      message:
        'Custom avatars in test and live mode together: 20 of 20. Delete one, or ask the operator of this server for a larger plan.',
      param: null,
    },
  },
  'webhook_endpoint.limit_reached': {
    status: 403,
    type: 'permission',
    title: 'Too many webhook endpoints',
    messages: {
      default: 'Webhook endpoints in this mode: {count} of {limit}. Delete one that you no longer use.',
    },
    sample: { count: 16, limit: 16 },
    cause: 'Your organisation has the maximum number of webhook endpoints in the mode of the calling key.',
    action: 'Delete an endpoint that you no longer use.',
    example: {
      message: 'Webhook endpoints in this mode: 16 of 16. Delete one that you no longer use.',
      param: null,
    },
  },
  'api_key.wrong_kind': {
    status: 403,
    type: 'permission',
    title: 'Wrong kind of key',
    messages: {
      worker:
        'This is a worker key (`wk_…`). Use an API key, `sk_live_…` or `sk_test_…`, for this operation.',
      customer: 'This is an API key (`sk_…`). Use a worker key, `wk_…`, for this operation.',
    },
    'x-internal-messages': ['customer'],
    cause: 'The key is valid, but it is a worker key, and this operation needs an API key.',
    action: 'Use an API key, `sk_live_…` or `sk_test_…`, for the operations of this API.',
    example: {
      message:
        'This is a worker key (`wk_…`). Use an API key, `sk_live_…` or `sk_test_…`, for this operation.',
      param: null,
    },
  },
  'organisation.suspended': {
    status: 403,
    type: 'permission',
    title: 'Suspended organisation',
    messages: {
      default:
        'Your organisation is suspended: its keys are rejected until the operator of this server resumes it. Ask the operator why.',
    },
    cause:
      'The operator of this server has suspended your organisation. Existing sessions continue and are billed.',
    action:
      'Ask the operator of this server. Your keys work again once the organisation is resumed; new keys do not help.',
    example: {
      message:
        'Your organisation is suspended: its keys are rejected until the operator of this server resumes it. Ask the operator why.',
      param: null,
    },
  },
  'route.not_found': {
    status: 404,
    type: 'not_found',
    title: 'No such route',
    messages: {
      near: 'No route `{method} {path}`. Did you mean {near}? See {document} for all routes.',
      unknown: 'No route `{method} {path}`. See {document} for all routes.',
    },
    sample: {
      method: 'GET',
      path: '/v1/session',
      near: '`GET /v1/sessions`',
      document: 'http://localhost:4000/openapi.json',
    },
    cause: 'There is no operation at this path.',
    action:
      'Compare the path with the document. Look for a wrong version, a missing plural or an extra slash.',
    example: {
      message:
        'No route `GET /v1/session`. Did you mean `GET /v1/sessions`? See http://localhost:4000/openapi.json for all routes.',
      param: null,
    },
  },
  'session.not_found': {
    status: 404,
    type: 'not_found',
    title: 'No such session',
    messages: {
      default:
        'Session `{session_id}` does not exist for this key. Check the id. Test keys see only test sessions, live keys only live ones.',
      form: 'Session {sent} does not exist. Use an id such as `{example}`.',
      worker: 'Session `{session_id}` was never assigned to a worker of this key. Check the id and the key.',
    },
    'x-internal-messages': ['worker'],
    sample: {
      param: 'session_id',
      session_id: 'sess_01KKGP79VG6A09Y83A35BZFNZE',
      sent: '`123`',
      example: 'sess_01KKGP79VG6A09Y83A35BZFNZE',
    },
    cause: 'Your organisation has no session with this id in the mode of the calling key.',
    action:
      'Check the id, and check that the key has the same organisation and mode as the key that created the session.',
    example: {
      message:
        'Session `sess_01KKGP79VG6A09Y83A35BZFNZE` does not exist for this key. Check the id. Test keys see only test sessions, live keys only live ones.',
      param: 'session_id',
    },
  },
  'avatar.not_found': {
    status: 404,
    type: 'not_found',
    title: 'No such avatar',
    messages: {
      default:
        'Avatar `{avatar_id}` does not exist for this organisation. `GET /v1/avatars` lists those that do.',
      form: 'Avatar {sent} does not exist. Use an id such as `{example}`, not a name. `GET /v1/avatars` lists them.',
    },
    sample: { param: 'avatar_id', avatar_id: 'av_nobody', sent: '`Ada`', example: 'av_stock_001' },
    cause: 'Your organisation has no avatar with this id, and no stock avatar has it.',
    action: 'List the avatars and use an id from there.',
    example: {
      message:
        'Avatar `av_nobody` does not exist for this organisation. `GET /v1/avatars` lists those that do.',
      param: 'avatar_id',
    },
  },
  'avatar.no_portrait': {
    status: 404,
    type: 'not_found',
    'x-internal': true,
    title: 'No portrait',
    messages: { default: 'Avatar `{avatar_id}` has no portrait. Draw the stock avatar with this id.' },
    sample: { param: 'session_id', avatar_id: 'av_stock_001' },
    cause: "The session's avatar has no portrait: it is a stock avatar, which the runtime draws.",
    action: 'Draw the stock avatar with this id.',
    example: {
      message: 'Avatar `av_stock_001` has no portrait. Draw the stock avatar with this id.',
      param: 'session_id',
    },
  },
  'event.not_found': {
    status: 404,
    type: 'not_found',
    title: 'No such event',
    messages: {
      default:
        'Event `{event_id}` does not exist for this key. Events are kept for 30 days. Test keys see only test events, live keys only live ones.',
      form: 'Event {sent} does not exist. Use an id such as `{example}`. `GET /v1/events` lists them.',
    },
    sample: {
      param: 'event_id',
      event_id: 'evt_01KKGP3AHXVQV4KG6WMY16063Q',
      sent: '`123`',
      example: 'evt_01KKGP3AHXVQV4KG6WMY16063Q',
    },
    cause:
      'Your organisation has no event with this id in the mode of the calling key, or it is older than 30 days.',
    action:
      "Check the id and the mode of the key. A session's history is kept longer: `GET /v1/sessions/{session_id}/events`.",
    example: {
      message:
        'Event `evt_01KKGP3AHXVQV4KG6WMY16063Q` does not exist for this key. Events are kept for 30 days. Test keys see only test events, live keys only live ones.',
      param: 'event_id',
    },
  },
  'api_key.not_found': {
    status: 404,
    type: 'not_found',
    title: 'No such API key',
    messages: {
      default:
        'API key `{api_key_id}` does not exist in this organisation and mode. `GET /v1/api_keys` lists those that do.',
      form: 'There is no API key with this id. Use an id such as `{example}`, not the key itself. `GET /v1/api_keys` lists them.',
    },
    sample: {
      param: 'api_key_id',
      api_key_id: 'key_01KKGP79VG6A09Y83A35BZFNZE',
      example: 'key_01KKGP79VG6A09Y83A35BZFNZE',
    },
    cause: 'Your organisation has no key with this id in the mode of the calling key.',
    action: 'List the keys and use an id from there (`key_…`), not the key itself.',
    example: {
      message:
        'API key `key_01KKGP79VG6A09Y83A35BZFNZE` does not exist in this organisation and mode. `GET /v1/api_keys` lists those that do.',
      param: 'api_key_id',
    },
  },
  'webhook_endpoint.not_found': {
    status: 404,
    type: 'not_found',
    title: 'No such webhook endpoint',
    messages: {
      default:
        'Webhook endpoint `{webhook_endpoint_id}` does not exist for this key. Check the id. Test keys see only test endpoints, live keys only live ones.',
      form: 'Webhook endpoint {sent} does not exist. Use an id such as `{example}`. `GET /v1/webhook_endpoints` lists them.',
    },
    sample: {
      param: 'webhook_endpoint_id',
      webhook_endpoint_id: 'whe_01KKGP79VG3M5N7P9Q2R4S6T8V',
      sent: '`123`',
      example: 'whe_01KKGP79VG3M5N7P9Q2R4S6T8V',
    },
    cause: 'Your organisation has no webhook endpoint with this id in the mode of the calling key.',
    action: 'List the endpoints and use an id from there.',
    example: {
      message:
        'Webhook endpoint `whe_01KKGP79VG3M5N7P9Q2R4S6T8V` does not exist for this key. Check the id. Test keys see only test endpoints, live keys only live ones.',
      param: 'webhook_endpoint_id',
    },
  },
  'webhook_delivery.not_found': {
    status: 404,
    type: 'not_found',
    title: 'No such webhook delivery',
    messages: {
      default:
        'Webhook delivery `{webhook_delivery_id}` does not exist for this key. Deliveries are kept for 30 days, and deleted with their endpoint.',
      form: 'Webhook delivery {sent} does not exist. Use an id such as `{example}`.',
    },
    sample: {
      param: 'webhook_delivery_id',
      webhook_delivery_id: 'whd_01KKGJ5351A0B1C2D3E4F5A6B7',
      sent: '`123`',
      example: 'whd_01KKGJ5351A0B1C2D3E4F5A6B7',
    },
    cause:
      'Your organisation has no delivery with this id in the mode of the calling key, it is older than 30 days, or its endpoint was deleted.',
    action: 'List the deliveries of the endpoint and use an id from there.',
    example: {
      message:
        'Webhook delivery `whd_01KKGJ5351A0B1C2D3E4F5A6B7` does not exist for this key. Deliveries are kept for 30 days, and deleted with their endpoint.',
      param: 'webhook_delivery_id',
    },
  },
  'worker.not_found': {
    status: 404,
    type: 'not_found',
    'x-internal': true,
    title: 'No such worker',
    messages: {
      default:
        'Worker `{worker_id}` is not registered with this key, or was removed. Register again and use the new id.',
      form: 'Worker {sent} does not exist. Register, and use the id from the response, such as `{example}`.',
    },
    sample: {
      param: 'worker_id',
      worker_id: 'wkr_01KKGA2SR0ZV1RH0M05W6V8297',
      sent: '`1`',
      example: 'wkr_01KKGA2SR0ZV1RH0M05W6V8297',
    },
    cause: 'No worker is registered with this id, or it was silent for so long that the server removed it.',
    action: 'Register again and use the new id.',
    example: {
      message:
        'Worker `wkr_01KKGA2SR0ZV1RH0M05W6V8297` is not registered with this key, or was removed. Register again and use the new id.',
      param: 'worker_id',
    },
  },
  'method.not_allowed': {
    status: 405,
    type: 'invalid_request',
    title: 'Method not allowed',
    messages: {
      default: '`{method}` is not supported for this path. Use {allowed}.',
      delete_session: 'Sessions are not deleted. To end this one, send `{end}`.',
    },
    sample: {
      method: 'PATCH',
      allowed: '`GET`, `HEAD` or `OPTIONS`',
      end: 'POST /v1/sessions/sess_01KKGP79VG6A09Y83A35BZFNZE/end',
    },
    cause: 'The path exists, but does not support this method.',
    action: 'Use one of the methods that the `Allow` header lists.',
    example: {
      message: '`PATCH` is not supported for this path. Use `GET`, `HEAD` or `OPTIONS`.',
      param: null,
    },
  },
  'request.timeout': {
    status: 408,
    type: 'invalid_request',
    title: 'Request timeout',
    messages: {
      body: 'The body did not arrive in time. Send the request again on a new connection.',
      request: 'The request did not arrive in time. Send it again on a new connection.',
    },
    cause: 'The request did not arrive in time: the connection stalled or was too slow.',
    action: 'Send it again on a new connection. If that does not help, check the network path to the server.',
    example: {
      message: 'The body did not arrive in time. Send the request again on a new connection.',
      param: null,
    },
  },
  'idempotency_key.reused': {
    status: 409,
    type: 'conflict',
    title: 'Idempotency key reused',
    messages: {
      body: 'This `{param}` was used with another body. Use a new key for a new request. To retry, send the same body.',
      unreadable:
        "The response to this `{param}` can no longer be read, because this server's encryption key was changed. Use a new key.",
    },
    sample: { param: 'Idempotency-Key' },
    cause: 'The `Idempotency-Key` was used with another body, and has not expired.',
    action: 'Use a new key for a new request. To retry, send exactly the same body.',
    example: {
      message:
        'This `Idempotency-Key` was used with another body. Use a new key for a new request. To retry, send the same body.',
      param: 'Idempotency-Key',
    },
  },
  'idempotency_key.in_use': {
    status: 409,
    type: 'conflict',
    title: 'Idempotency key in use',
    messages: {
      default:
        'A request with this `{param}` is still in progress. Send the same request again after {seconds} s to get its response.',
    },
    sample: { param: 'Idempotency-Key', seconds: 1 },
    cause: 'A request with this `Idempotency-Key` is still in progress.',
    action: 'Wait for `Retry-After` seconds and send the same request again to get its response.',
    example: {
      message:
        'A request with this `Idempotency-Key` is still in progress. Send the same request again after 1 s to get its response.',
      param: 'Idempotency-Key',
    },
  },
  'worker_identity.in_use': {
    status: 409,
    type: 'conflict',
    title: 'Identity in use',
    messages: {
      default:
        'Session `{session_id}` already holds this worker identity in this room. End it, or mint a token for another identity.',
    },
    sample: { param: 'transport.worker_identity', session_id: 'sess_01KKGP79VG6A09Y83A35BZFNZE' },
    cause: 'Another live session already holds this worker identity in this room.',
    action: 'Mint the token for another identity, or end the other session first.',
    example: {
      message:
        'Session `sess_01KKGP79VG6A09Y83A35BZFNZE` already holds this worker identity in this room. End it, or mint a token for another identity.',
      param: 'transport.worker_identity',
    },
  },
  'avatar.not_ready': {
    status: 409,
    type: 'conflict',
    title: 'Avatar not ready',
    messages: {
      processing:
        'Avatar `{avatar_id}` is still being processed. Wait until its `status` is `ready`, or use another avatar.',
      failed:
        'Avatar `{avatar_id}` could not be processed; its `failure_reason` says why. Use another avatar.',
    },
    sample: { param: 'avatar_id', avatar_id: 'av_01KKGP79VG6A09Y83A35BZFNZE' },
    cause: 'The avatar exists but cannot perform: it is still being processed, or processing failed.',
    action:
      'Wait until its status is `ready`. If it is `failed`, read its `failure_reason` and upload a corrected image.',
    example: {
      message:
        'Avatar `av_01KKGP79VG6A09Y83A35BZFNZE` is still being processed. Wait until its `status` is `ready`, or use another avatar.',
      param: 'avatar_id',
    },
  },
  'webhook_endpoint.disabled': {
    status: 409,
    type: 'conflict',
    title: 'Webhook endpoint disabled',
    messages: {
      default:
        'Webhook endpoint `{webhook_endpoint_id}` is disabled. Enable it first: update it with the `status` `enabled`.',
    },
    sample: { param: 'webhook_endpoint_id', webhook_endpoint_id: 'whe_01KKGP79VG3M5N7P9Q2R4S6T8V' },
    cause: 'Nothing is sent to an endpoint that is disabled. Its `disabled_reason` says why.',
    action: 'Fix the cause and enable the endpoint.',
    example: {
      message:
        'Webhook endpoint `whe_01KKGP79VG3M5N7P9Q2R4S6T8V` is disabled. Enable it first: update it with the `status` `enabled`.',
      param: 'webhook_endpoint_id',
    },
  },
  'assignment.lost': {
    status: 409,
    type: 'conflict',
    'x-internal': true,
    title: 'Assignment lost',
    messages: {
      default:
        'Session `{session_id}` is no longer assigned to this worker. Leave the room and claim another session.',
    },
    sample: { param: 'fence', session_id: 'sess_01KKGP79VG6A09Y83A35BZFNZE' },
    cause: 'The lease of the assignment expired, another worker has the session, or it is over.',
    action: 'Leave the room at once and claim another session.',
    example: {
      message:
        'Session `sess_01KKGP79VG6A09Y83A35BZFNZE` is no longer assigned to this worker. Leave the room and claim another session.',
      param: 'fence',
    },
  },
  'body.too_large': {
    status: 413,
    type: 'invalid_request',
    title: 'Body too large',
    messages: {
      body: 'The body is larger than {limit}. Send a smaller body.',
      file: '`{field}` is larger than {limit}. Send a smaller file.',
    },
    sample: { field: 'image', limit: '77 KiB' },
    cause: 'The body, or the file that `param` names, is larger than this operation accepts.',
    action:
      'Send a smaller body. Store large data yourself and send its id in the metadata. Scale images down or save them as JPEG.',
    example: { message: 'The body is larger than 77 KiB. Send a smaller body.', param: null },
  },
  'content_type.unsupported': {
    status: 415,
    type: 'invalid_request',
    title: 'Content type not supported',
    messages: {
      type: '`{sent}` is not supported. Send {accepted}.',
      missing: 'The request has no `Content-Type`. Send {accepted}.',
      charset: 'The charset `{sent}` is not supported. Send UTF-8.',
      encoding:
        'The `Content-Encoding` `{sent}` is not supported. Send the body uncompressed, or as `gzip`, `deflate` or `br`.',
      form_encoding: 'Multipart bodies must not be compressed. Send the form without `Content-Encoding`.',
    },
    sample: { sent: 'text/plain', accepted: '`application/json`' },
    cause:
      "The operation does not accept the body's content type, or the server does not support its content encoding.",
    action:
      'Send JSON with the header `Content-Type: application/json`, or `multipart/form-data` where the operation accepts files, uncompressed.',
    example: { message: '`text/plain` is not supported. Send `application/json`.', param: null },
  },
  'body.invalid': {
    status: 422,
    type: 'unprocessable',
    title: 'Invalid field',
    messages: {
      value: '`{param}` must be {expected}. You sent {sent}.',
      unquoted: '`{param}` must be {expected}. Correct it and send the request again.',
      whole: 'The body must be {expected}. You sent {sent}.',
      required: 'Required: {missing}. Add what is missing and send the request again.',
      missing: 'The body is missing. Send {accepted}.',
      impossible_time: '`{param}` must be a time that exists. There is no {sent}.',
      past: '`{param}` must be in the future. `{sent}` is in the past.',
      reserved_key: 'Keys that begin with `_avatar.` are reserved. Rename {key}.',
      long_key: 'Keys in `{param}` must have at most {limit} characters. Shorten {long}.',
      text: '`{param}` contains a NUL character or an unpaired surrogate. Send well-formed Unicode text.',
      key_text:
        'A key in {object} contains a NUL character or an unpaired surrogate. Send well-formed Unicode text.',
      prototype:
        'The body has a key that sets an object prototype, `__proto__` or `constructor.prototype`. Remove it.',
      number: '`{param}` is a number beyond ±1.8e308. Send a number that fits in a double.',
      values: 'The body has more than {limit} values. Send fewer.',
      depth: 'The body is nested more than {limit} levels deep. Flatten it.',
      part_repeated: 'The form has `{param}` more than once. Send it once.',
      part_empty: '`{param}` is empty. Send the file itself.',
      part_long: '`{param}` must have at most {limit} characters. Shorten it.',
      parts: 'The form has more parts than the {limit} fields of this operation. Send each field once.',
      simulate:
        '`{param}` does not apply here: a worker performs the session in test mode too. Leave it out.',
      failure_missing: 'A report of the state `failed` needs `{param}`. Add it.',
      failure_surplus: '`{param}` is only for the state `failed`, not for `{state}`. Leave it out.',
    },
    'x-internal-messages': ['failure_missing', 'failure_surplus'],
    sample: {
      param: 'max_duration_seconds',
      expected: 'an integer from 1 to 3600, or null',
      sent: 'the string "60"',
      missing: '`avatar_id`, `transport`',
      accepted: '`application/json`',
      key: '`_avatar.x`',
      long: 'a string of 300 characters',
      object: '`metadata`',
      limit: 256,
      state: 'running',
    },
    cause: 'A field of the body is missing, has the wrong type, or is outside its limits.',
    action: 'Fix the field named in `param`; the message says what was expected.',
    example: {
      message: '`max_duration_seconds` must be an integer from 1 to 3600, or null. You sent the string "60".',
      param: 'max_duration_seconds',
    },
  },
  'body.unknown_field': {
    status: 422,
    type: 'unprocessable',
    title: 'Unknown field',
    messages: {
      near: 'Unknown field `{param}`. Did you mean {near}? Rename it, or leave it out.',
      unknown: 'Unknown field `{param}`. Leave it out, or use one of {allowed}.',
      elsewhere: 'Unknown field `{param}`. It belongs in {object}. Move it there.',
      empty: 'A field has an empty name. Leave it out, or use one of {allowed}.',
      unnamed: 'A part of the form has no name. Name it {allowed}.',
    },
    sample: {
      param: 'avatarId',
      near: '`avatar_id`',
      object: '`transport`',
      allowed: '`avatar_id`, `transport` or `metadata`',
    },
    cause:
      'The body has a field that this operation does not know. The server rejects it, so that a misspelt field is not silently ignored.',
    action: 'Check its spelling, or leave it out.',
    example: {
      message: 'Unknown field `avatarId`. Did you mean `avatar_id`? Rename it, or leave it out.',
      param: 'avatarId',
    },
  },
  'parameter.invalid': {
    status: 422,
    type: 'unprocessable',
    title: 'Invalid parameter',
    messages: {
      value: '`{param}` must be {expected}. You sent {sent}.',
      impossible_time: '`{param}` must be a time that exists. There is no {sent}.',
      plus: '`{param}` must be {expected}. In a URL, write `+` as `%2B`. You sent {sent}.',
      repeated: '`{param}` takes one value. Send it once.',
      required: 'Required: {missing}. Add what is missing and send the request again.',
    },
    'x-internal-messages': ['required'],
    sample: { param: 'limit', expected: 'an integer from 1 to 100', sent: '`500`', missing: '`fence`' },
    cause:
      'A parameter in the path, query or headers has the wrong form, is outside its limits, or is sent twice.',
    action: 'Fix the parameter named in `param`; the message says what was expected.',
    example: { message: '`limit` must be an integer from 1 to 100. You sent `500`.', param: 'limit' },
  },
  'parameter.unknown': {
    status: 422,
    type: 'unprocessable',
    title: 'Unknown parameter',
    messages: {
      near: 'Unknown parameter `{param}`. Did you mean {near}? Rename it, or leave it out.',
      unknown: 'Unknown parameter `{param}`. Leave it out; this operation takes {allowed}.',
      none: 'Unknown parameter `{param}`. Leave it out; this operation takes no query parameters.',
      empty: 'A parameter of the query has an empty name. Leave it out.',
      array:
        'Unknown parameter `{param}`. For several values, repeat `{near_name}`: `?{near_name}=…&{near_name}=…`.',
    },
    sample: {
      param: 'stauts',
      near: '`status`',
      allowed: '`status`, `limit` and `starting_after`',
      near_name: 'status',
    },
    cause:
      'The query has a parameter that this operation does not know. The server rejects it, so that a misspelt parameter is not silently ignored.',
    action: 'Check its spelling, or leave it out.',
    example: {
      message: 'Unknown parameter `stauts`. Did you mean `status`? Rename it, or leave it out.',
      param: 'stauts',
    },
  },
  'period.purged': {
    status: 422,
    type: 'unprocessable',
    title: 'Usage events deleted',
    messages: {
      default:
        '`{param}` must be the start of a month in UTC: usage events in the period are deleted, and only monthly totals are kept. Use whole months.',
    },
    sample: { param: 'period_start' },
    cause:
      'The period does not consist of whole months, and usage events in it are deleted, so it cannot be summed.',
    action: 'Use whole months in UTC, for which totals are kept.',
    example: {
      message:
        '`period_start` must be the start of a month in UTC: usage events in the period are deleted, and only monthly totals are kept. Use whole months.',
      param: 'period_start',
    },
  },
  'metadata.too_large': {
    status: 422,
    type: 'unprocessable',
    title: 'Metadata too large',
    messages: {
      default: '`{param}` is {bytes} bytes of JSON; the limit is {limit}. Store less, or a reference.',
    },
    sample: { param: 'metadata', bytes: 9008, limit: 8192 },
    cause: 'The metadata takes more than 8192 bytes when written as JSON.',
    action: 'Keep only ids in the metadata, and keep the data in your own storage.',
    example: {
      message: '`metadata` is 9008 bytes of JSON; the limit is 8192. Store less, or a reference.',
      param: 'metadata',
    },
  },
  'metadata.invalid_number': {
    status: 422,
    type: 'unprocessable',
    title: 'Number cannot be stored exactly',
    messages: {
      default: '`{param}` is a number beyond ±(2^53−1), which cannot be stored exactly. Send it as a string.',
    },
    sample: { param: 'metadata.ticket' },
    cause: 'The metadata has a number beyond ±(2^53−1), which many JSON readers round (RFC 8259, section 6).',
    action: 'Send it as a string.',
    example: {
      message:
        '`metadata.ticket` is a number beyond ±(2^53−1), which cannot be stored exactly. Send it as a string.',
      param: 'metadata.ticket',
    },
  },
  'image.unsupported': {
    status: 422,
    type: 'unprocessable',
    title: 'Image format not supported',
    messages: {
      default:
        'The image is not a PNG, JPEG or WebP file, whatever its name says. Save it in one of these formats and send that file.',
    },
    sample: { param: 'image' },
    cause:
      'The image is not a PNG, JPEG or WebP file. The format is detected from the bytes, not from the file name or the content type.',
    action: 'Save the image as PNG, JPEG or WebP and send that file.',
    example: {
      message:
        'The image is not a PNG, JPEG or WebP file, whatever its name says. Save it in one of these formats and send that file.',
      param: 'image',
    },
  },
  'image.unreadable': {
    status: 422,
    type: 'unprocessable',
    title: 'Image cannot be read',
    messages: {
      damaged:
        'The image is damaged or incomplete and cannot be decoded. Open it in an image editor, save it again and send that file.',
      costly:
        'The image takes too much time or memory to decode. Scale it down, save it without interlacing and send that file.',
    },
    sample: { param: 'image' },
    cause:
      'The file begins like a PNG, JPEG or WebP file but cannot be decoded: it is damaged or incomplete, or exceeds the time or memory limit.',
    action: 'Open it in an image editor, save it again and send the new file.',
    example: {
      message:
        'The image is damaged or incomplete and cannot be decoded. Open it in an image editor, save it again and send that file.',
      param: 'image',
    },
  },
  'image.too_many_pixels': {
    status: 422,
    type: 'unprocessable',
    title: 'Too many pixels',
    messages: {
      pixels:
        'The image has {width} × {height} pixels; the limit is {limit} in total. Scale it down; 1024 × 1024 is enough.',
      memory:
        'The image takes {bytes} bytes once it is decoded; the limit is {limit}. Scale it down, or save it with 8 bits per channel and without interlacing.',
    },
    sample: { param: 'image', width: 10000, height: 10000, limit: 40000000, bytes: 320000000 },
    cause: 'The image has more than 40 million pixels, or takes more than 240 MB once it is decoded.',
    action:
      'Scale it down, or save it with 8 bits per channel and without interlacing. Portraits are shown at most 1024 pixels wide.',
    example: {
      message:
        'The image has 10000 × 10000 pixels; the limit is 40000000 in total. Scale it down; 1024 × 1024 is enough.',
      param: 'image',
    },
  },
  'worker_token.malformed': {
    status: 422,
    type: 'unprocessable',
    title: 'Malformed worker token',
    messages: {
      default: 'The token is not a LiveKit access token. Pass the string that `AccessToken.toJwt()` returns.',
      bearer: 'The token begins with `Bearer`. Remove this prefix and the space after it.',
    },
    sample: { param: 'transport.worker_token' },
    cause:
      'The token is not a LiveKit access token: it does not have three base64url parts, or they do not contain JSON.',
    action: 'Mint it with a LiveKit server SDK and pass it whole, without `Bearer` before it.',
    example: {
      message: 'The token is not a LiveKit access token. Pass the string that `AccessToken.toJwt()` returns.',
      param: 'transport.worker_token',
    },
  },
  'worker_token.expired': {
    status: 422,
    type: 'unprocessable',
    title: 'Worker token expired',
    messages: { default: 'The token expired at `{expired_at}`. Mint a new one.' },
    sample: { param: 'transport.worker_token', expired_at: '2026-03-12T09:00:00.000Z' },
    cause: "The token's `exp` has passed.",
    action:
      'Mint a new token just before you create the session, and give it enough time for the session to start.',
    example: {
      message: 'The token expired at `2026-03-12T09:00:00.000Z`. Mint a new one.',
      param: 'transport.worker_token',
    },
  },
  'worker_token.not_yet_valid': {
    status: 422,
    type: 'unprocessable',
    title: 'Worker token not yet valid',
    messages: {
      default: 'The token is not valid before `{valid_from}`. Check the clock of the machine that mints it.',
    },
    sample: { param: 'transport.worker_token', valid_from: '2026-03-12T11:00:00.000Z' },
    cause: "The token's `nbf` is more than 60 seconds in the future.",
    action: 'Check the clock of the machine that mints it, or mint it without `nbf`.',
    example: {
      message:
        'The token is not valid before `2026-03-12T11:00:00.000Z`. Check the clock of the machine that mints it.',
      param: 'transport.worker_token',
    },
  },
  'worker_token.room_mismatch': {
    status: 422,
    type: 'unprocessable',
    title: 'Token for another room',
    messages: {
      other:
        'The token is for room {token_room}, but the session is for room {room}. Mint it for the same room.',
      none: 'The token names no room. Mint it with `video.room` set to {room}.',
    },
    sample: { param: 'transport.worker_token', token_room: '"support-4712"', room: '"support-4711"' },
    cause: "The token's grant `video.room` is missing, or names a room other than `room_name`.",
    action: 'Mint the token for the room in `room_name`.',
    example: {
      message:
        'The token is for room "support-4712", but the session is for room "support-4711". Mint it for the same room.',
      param: 'transport.worker_token',
    },
  },
  'worker_token.identity_mismatch': {
    status: 422,
    type: 'unprocessable',
    title: 'Token for another identity',
    messages: {
      default:
        "The token's `sub` is not the `worker_identity` {identity}. Mint it for this identity, or leave out `worker_identity`.",
    },
    sample: { param: 'transport.worker_token', identity: '"host"' },
    cause: "The token's `sub` differs from `worker_identity`.",
    action:
      'Mint the token for the same identity, or leave out `worker_identity`, so that the session uses the identity of the token.',
    example: {
      message:
        'The token\'s `sub` is not the `worker_identity` "host". Mint it for this identity, or leave out `worker_identity`.',
      param: 'transport.worker_token',
    },
  },
  'worker_token.cannot_join': {
    status: 422,
    type: 'unprocessable',
    title: 'Token cannot join',
    messages: { default: 'The token has no `roomJoin` grant. Mint it with `roomJoin: true`.' },
    sample: { param: 'transport.worker_token' },
    cause: "The token's grant does not have `roomJoin`.",
    action: 'Mint the token with `roomJoin: true`.',
    example: {
      message: 'The token has no `roomJoin` grant. Mint it with `roomJoin: true`.',
      param: 'transport.worker_token',
    },
  },
  'worker_token.cannot_publish': {
    status: 422,
    type: 'unprocessable',
    title: 'Token cannot publish',
    messages: {
      sources:
        'The token may not publish camera and microphone. Mint it with `canPublish: true` and without narrower `canPublishSources`.',
      unseen:
        'The token has `{grant}: true`, so nobody in the room could see the avatar. Mint it without `{grant}`.',
      data: 'The token has `canPublishData: false`, so the avatar could not respond to the agent that streams audio to it. Mint it with `canPublishData: true`, or use `audio_source` `track`.',
    },
    sample: { param: 'transport.worker_token', grant: 'hidden' },
    cause:
      "The token's grant forbids publishing (`canPublish`, `canPublishSources`, or `canPublishData` with `data_stream`), or hides the participant (`hidden`, `recorder`), so nobody could see or hear the avatar.",
    action: 'Mint the token with `canPublish: true` and without `hidden` and `recorder`.',
    example: {
      message:
        'The token may not publish camera and microphone. Mint it with `canPublish: true` and without narrower `canPublishSources`.',
      param: 'transport.worker_token',
    },
  },
  'worker_token.cannot_subscribe': {
    status: 422,
    type: 'unprocessable',
    title: 'Token cannot subscribe',
    messages: {
      default:
        'The token has `canSubscribe: false`, so the avatar could not listen to a track. Mint it with `canSubscribe: true`, or use `audio_source` `data_stream`.',
    },
    sample: { param: 'transport.worker_token' },
    cause:
      "The token's grant has `canSubscribe: false`, but the session needs the audio track of a participant.",
    action: 'Mint the token with `canSubscribe: true`, or use `audio_source` `data_stream`.',
    example: {
      message:
        'The token has `canSubscribe: false`, so the avatar could not listen to a track. Mint it with `canSubscribe: true`, or use `audio_source` `data_stream`.',
      param: 'transport.worker_token',
    },
  },
  'rate_limit.exceeded': {
    status: 429,
    type: 'rate_limit',
    title: 'Too many requests',
    messages: {
      default:
        'Too many {policy}: {rate} per second are allowed, with bursts of {burst}. Retry after {seconds} s.',
    },
    sample: { policy: 'requests', rate: 100, burst: 500, seconds: 1 },
    cause: 'You sent more requests than the rate limit allows.',
    action:
      'Wait for `Retry-After` seconds. The `RateLimit` header of every response says how many requests are left.',
    example: {
      message: 'Too many requests: 100 per second are allowed, with bursts of 500. Retry after 1 s.',
      param: null,
    },
  },
  concurrent_sessions: {
    status: 429,
    type: 'quota_exceeded',
    title: 'Too many live sessions',
    messages: { default: 'Concurrent sessions: {active} of {limit}. End one, or wait for one to end.' },
    sample: { limit: 50, active: 50 },
    cause: 'You have as many live sessions as your plan allows.',
    action: 'End a session, wait for one to end, or ask the operator of this server for a larger plan.',
    example: { message: 'Concurrent sessions: 50 of 50. End one, or wait for one to end.', param: null },
  },
  concurrent_streams: {
    status: 429,
    type: 'quota_exceeded',
    title: 'Too many streams',
    messages: {
      default:
        'Streams of this key on this server: {active} of {limit}. Close one, or share one stream among your readers.',
    },
    sample: { limit: 100, active: 100 },
    cause: 'The key has the maximum number of open event streams.',
    action: 'Close streams that you no longer read, or share one stream among your readers.',
    example: {
      message:
        'Streams of this key on this server: 100 of 100. Close one, or share one stream among your readers.',
      param: null,
    },
  },
  internal: {
    status: 500,
    type: 'internal',
    title: 'Internal error',
    messages: {
      default:
        'Internal error. Retry once; if it persists, report the request id to the operator of this server.',
    },
    cause: 'An error inside the server, logged with the id of the request.',
    action: 'Retry once. If it persists, report the `request_id` to the operator of this server.',
    example: {
      message:
        'Internal error. Retry once; if it persists, report the request id to the operator of this server.',
      param: null,
    },
  },
  at_capacity: {
    status: 503,
    type: 'service_unavailable',
    title: 'At capacity',
    messages: {
      server: 'The server is at capacity. Nothing was changed; retry after {seconds} s.',
      caller: 'Too many of your requests are in progress. Nothing was changed; retry after {seconds} s.',
      no_worker:
        'No worker started the session within {limit} s. It is canceled and nothing was charged; retry after {seconds} s.',
      over: 'Session {session_id} ended before you could connect to it. Nothing was charged; retry after {seconds} s.',
    },
    sample: { seconds: 1, limit: 10, session_id: 'sess_01KKGP79VGV07JNDHYWNY8S475' },
    cause:
      'The server has the maximum number of requests in progress, you have your maximum share of them, or no worker was free for a session over a WebSocket.',
    action: 'Wait for `Retry-After` seconds and try again.',
    example: { message: 'The server is at capacity. Nothing was changed; retry after 1 s.', param: null },
  },
  draining: {
    status: 503,
    type: 'service_unavailable',
    title: 'Server stopping',
    messages: {
      default: 'This server is stopping. Nothing was changed; retry after {seconds} s.',
      canceled:
        'This server is stopping. The session is canceled and nothing was charged; retry after {seconds} s.',
    },
    sample: { seconds: 1 },
    cause:
      'This server is stopping and accepts no new requests. Another server, or this one after its restart, will accept the retry.',
    action: 'Wait for `Retry-After` seconds and try again.',
    example: { message: 'This server is stopping. Nothing was changed; retry after 1 s.', param: null },
  },
  'database.unavailable': {
    status: 503,
    type: 'service_unavailable',
    title: 'Database unavailable',
    messages: {
      unchanged: 'The database is unavailable. Nothing was changed; retry after {seconds} s.',
      unknown:
        'The database became unavailable during this request. The outcome is unknown: check it before you repeat the request.',
    },
    sample: { seconds: 1 },
    cause: "The server's database does not respond.",
    action:
      'Wait for `Retry-After` seconds and try again. If the message says that the outcome is unknown, check it first.',
    example: { message: 'The database is unavailable. Nothing was changed; retry after 1 s.', param: null },
  },
} as const;

export type ErrorCode = keyof typeof errorTable;
