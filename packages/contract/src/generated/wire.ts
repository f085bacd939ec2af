// Generated from openapi/ by `pnpm generate`. Do not edit.

export interface paths {
  '/v1/sessions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List sessions
     * @description Your organisation's sessions, newest first. Filters can be combined. A page takes the same time with many sessions
     *     as with few, whatever the filters.
     *
     *     For the next page, set `starting_after` to `next_cursor`, until `next_cursor` is null. New sessions do not shift the
     *     pages.
     */
    get: operations['sessions.list'];
    put?: never;
    /**
     * Create a session
     * @description Create a session, in which an avatar joins one of your LiveKit rooms. The session in the response has the status
     *     `queued`. A worker then claims it, joins the room with the identity of your token, and publishes video and audio.
     *
     *     **You mint the token.** Pass a LiveKit token for the worker as `transport.worker_token`. Before it stores anything,
     *     the server checks what it can without your secret: that the token is not expired, is for this room and identity, and
     *     may join and publish. Each problem has an error code.
     *
     *     **Retrying is safe.** With an `Idempotency-Key`, the same request sent again gets the first response again, marked
     *     `Idempotent-Replayed: true`. Rejected requests are not stored, so you can correct a request and send it with the
     *     same key. Without the header, a second create with the same room and token returns the existing session while that
     *     is live.
     *
     *     The server reserves the session's maximum cost now, and releases the unused part when the session is over.
     */
    post: operations['sessions.create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/sessions/{session_id}': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the session. A malformed id gets the same error as an id that does not exist. */
        session_id: components['parameters']['SessionIdPath'];
      };
      cookie?: never;
    };
    /**
     * Retrieve a session
     * @description Returns the current state of a session. While the session runs, its counters may trail the worker by one report (a
     *     few seconds).
     *
     *     Sessions of another organisation, or of a mode other than your key's, are not found.
     */
    get: operations['sessions.get'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/sessions/{session_id}/end': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the session. A malformed id gets the same error as an id that does not exist. */
        session_id: components['parameters']['SessionIdPath'];
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * End a session
     * @description End a session. The call is safe to repeat and works in every status. A session that is waiting for a worker becomes
     *     `canceled` and costs nothing. A claimed session becomes `ending`, and then `ended` as soon as the worker has left
     *     the room. A session that is over does not change.
     *
     *     A body is ignored. Requests with a valid key are never rate limited here, so you can always stop the billing. Only
     *     an address that sends many requests without a valid key gets 429. Several hundred concurrent calls are queued. A
     *     call that cannot be served within a few seconds gets 503 with `Retry-After`; repeat it after that time.
     */
    post: operations['sessions.end'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/sessions/{session_id}/events': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the session. A malformed id gets the same error as an id that does not exist. */
        session_id: components['parameters']['SessionIdPath'];
      };
      cookie?: never;
    };
    /**
     * List a session's events
     * @description The session's history: every change of its status with the actor and the reason, oldest first. Read it when a
     *     session did not run as expected.
     */
    get: operations['sessions.events'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/pipecat/sessions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Create a session over a WebSocket
     * @description Create a session without a LiveKit room: your program sends speech to the avatar's worker over a WebSocket, and gets
     *     video and speech back. The package `pipecat-protoface` does this for Pipecat. Apart from that, the session is like
     *     any other: read it with `sessions.get`, and end it with `sessions.end`.
     *
     *     The server responds as soon as a worker has started the session. If no worker starts it within 10 seconds, the
     *     response is 503 `at_capacity` and the session is `canceled`. If you disconnect before the response, the session is
     *     `canceled` too. Nothing is charged in either case.
     *
     *     **Connect to `relay.media_url`** with the subprotocols `relay.protocol` and `relay.media_token` and, where your
     *     program can set headers, `Authorization: Bearer <media_token>`. The token is for this session and one connection at
     *     a time, and works until the session is over. If the client disconnects and does not connect again within 30 seconds,
     *     the session ends with the reason `client.left`. If the client never connects, it ends with `client.never_connected`.
     *     The address belongs to one worker, so a session that loses its worker fails with `worker.lost` and is not queued
     *     again.
     *
     *     Each binary message is one record: `u32 length of the rest | u8 type | u32 length of the header | header |
     *     data`, with big-endian integers and a JSON object as the header. The worker rejects records of more than 1 MiB.
     *
     *     | type | from | header | data |
     *     | --- | --- | --- | --- |
     *     | `0x01` audio | both | `sample_rate`, `num_channels`, from the worker also `timestamp_ms` | 16-bit little-endian PCM: speech to perform; in return, what the avatar says, with the `timestamp_ms` of the video frame that shows it |
     *     | `0x02` flush | client | | the end of an utterance |
     *     | `0x03` interrupt | client | | stop speaking at once |
     *     | `0x04` listen audio | client | `sample_rate`, `num_channels` | what the avatar hears |
     *     | `0x05` close | client | | end the session |
     *     | `0x10` ready | worker | | the avatar can perform |
     *     | `0x11` video | worker | `width`, `height`, `encoding`, `frame_index`, `timestamp_ms` | one video frame |
     *     | `0x12` metrics | worker | figures about the performance | |
     *     | `0x13` error | worker | `code`, `message` | |
     *
     *     **Test keys** create sessions that the same runtime performs, free of charge. `metadata.simulate` does not apply to
     *     them and is rejected.
     *
     *     **Retrying is safe** with an `Idempotency-Key`: the same request sent again gets the first response again,
     *     token included, or 409 `idempotency_key.in_use` while the first one waits. The response is kept encrypted for as long
     *     as it can be repeated. A request that failed is not stored.
     *
     *     The maximum cost of the session is reserved now. The rest is released when it is over.
     */
    post: operations['pipecatSessions.create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List events
     * @description Everything that happened in your organisation in the mode of the key in the last 30 days, newest first: each status
     *     change of a session, avatars that became ready or failed, and more. To follow events as they happen, use the event
     *     stream instead of polling this list.
     */
    get: operations['events.list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/events/stream': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Stream events
     * @description The events of your organisation in the mode of the key, as they happen. They are server-sent events: each one has
     *     its `id`, its type as `event`, and the event as JSON in `data`. Each event arrives once, and in order.
     *
     *     A stream ends when the server restarts, when you read too slowly, or within 30 seconds after the key stops working.
     *     If you connect again to any server with the last `id` as `Last-Event-ID`, the stream continues without loss or
     *     repetition. A comment every 15 seconds shows that the stream is alive. The comment also has an `id`, so even a
     *     stream whose filter matches nothing can resume.
     *
     *     A key can have 100 open streams per server. Any more get 429 `concurrent_streams`.
     */
    get: operations['events.stream'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/events/{event_id}': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the event. */
        event_id: components['parameters']['EventIdPath'];
      };
      cookie?: never;
    };
    /**
     * Retrieve an event
     * @description An event of the last 30 days. Its id can come from the list, the stream, a webhook or a session's history.
     */
    get: operations['events.get'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhook_endpoints': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List webhook endpoints
     * @description Your organisation's endpoints in the mode of the calling key, newest first, without their secrets.
     */
    get: operations['webhookEndpoints.list'];
    put?: never;
    /**
     * Create a webhook endpoint
     * @description Register a URL to which events are posted, signed as [Standard Webhooks](https://www.standardwebhooks.com) defines.
     *     The endpoint gets events in the mode of the calling key from now on.
     *
     *     **Store the secret now:** you need it to verify deliveries, and no other operation returns it. To get a new one,
     *     rotate the secret. The server keeps it encrypted.
     *
     *     **Retrying is safe** with an `Idempotency-Key`: the same request sent again within 24 hours gets the first response
     *     again, including the secret.
     */
    post: operations['webhookEndpoints.create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhook_endpoints/{webhook_endpoint_id}': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the endpoint, `whe_…`. */
        webhook_endpoint_id: components['parameters']['WebhookEndpointIdPath'];
      };
      cookie?: never;
    };
    /**
     * Retrieve a webhook endpoint
     * @description The endpoint, without its secret.
     */
    get: operations['webhookEndpoints.get'];
    put?: never;
    post?: never;
    /**
     * Delete a webhook endpoint
     * @description Delete an endpoint with its secret and deliveries. Nothing more is sent to it, except for attempts in progress. A
     *     second delete returns 404.
     */
    delete: operations['webhookEndpoints.delete'];
    options?: never;
    head?: never;
    /**
     * Update a webhook endpoint
     * @description Change the URL, description or event types of an endpoint, or enable or disable it. Attempts that start afterwards
     *     use the new values, even for earlier events.
     */
    patch: operations['webhookEndpoints.update'];
    trace?: never;
  };
  '/v1/webhook_endpoints/{webhook_endpoint_id}/rotate_secret': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the endpoint, `whe_…`. */
        webhook_endpoint_id: components['parameters']['WebhookEndpointIdPath'];
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Rotate the secret of a webhook endpoint
     * @description Replace the secret. For 24 hours, deliveries are signed with the new secret and the previous one, so verification
     *     with either succeeds. **Only this response contains the new secret.** If you rotate again within this time, the
     *     older secret stops working at once.
     */
    post: operations['webhookEndpoints.rotateSecret'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhook_endpoints/{webhook_endpoint_id}/test': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the endpoint, `whe_…`. */
        webhook_endpoint_id: components['parameters']['WebhookEndpointIdPath'];
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Test a webhook endpoint
     * @description Send a sample event to one endpoint. Its type is `ping` by default. It is delivered like any event, but is not among
     *     your organisation's events. The response is the delivery, which you can retrieve to see the result. Tests have a
     *     separate rate limit, `tests`.
     */
    post: operations['webhookEndpoints.test'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhook_endpoints/{webhook_endpoint_id}/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the endpoint, `whe_…`. */
        webhook_endpoint_id: components['parameters']['WebhookEndpointIdPath'];
      };
      cookie?: never;
    };
    /**
     * List webhook deliveries
     * @description The deliveries of an endpoint with their attempts, newest first.
     */
    get: operations['webhookDeliveries.list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhook_deliveries/{webhook_delivery_id}': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the delivery, `whd_…`. */
        webhook_delivery_id: components['parameters']['WebhookDeliveryIdPath'];
      };
      cookie?: never;
    };
    /**
     * Retrieve a webhook delivery
     * @description A delivery with its attempts.
     */
    get: operations['webhookDeliveries.get'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/webhook_deliveries/{webhook_delivery_id}/redeliver': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the delivery, `whd_…`. */
        webhook_delivery_id: components['parameters']['WebhookDeliveryIdPath'];
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Redeliver a webhook
     * @description Attempt a delivery again now, whatever its status. A failed attempt is retried on the same schedule as the first
     *     one.
     */
    post: operations['webhookDeliveries.redeliver'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/usage': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Summarise usage
     * @description The usage of your organisation in a period, in total and by quality. The default period is the current month so far.
     *
     *     The summary is the sum of the period's usage events. A usage event belongs to the period in which it was written:
     *     one is written each minute while a session runs, and one when it is over. Events written at the very end of a period
     *     are added to its summary within seconds.
     *
     *     The server deletes old usage events, but keeps totals by month. A period that includes a month whose events are
     *     deleted must consist of whole months. An end that is not in the past counts as the end of its month.
     */
    get: operations['usage.summary'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/usage/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List usage events
     * @description The records behind your invoice and every usage summary, newest first. A session has one for each minute that it
     *     runs, and one for the rest when it is over. Usage events never change, so you can copy them into your own systems.
     */
    get: operations['usage.events'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/avatars': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List avatars
     * @description The avatars that you can use: your own, oldest first, then the stock avatars. Any valid key can read them.
     *
     *     Only avatars with status `ready` can perform.
     */
    get: operations['avatars.list'];
    put?: never;
    /**
     * Create an avatar
     * @description Create an avatar from a source image. The server decodes the image to check it, and returns the avatar with the
     *     status `processing`. Within seconds, the status becomes `ready`, or `failed` with a reason. Retrieve the avatar to
     *     see it.
     *
     *     The server finds the face in the image. The best source image is a square photograph, 1024 × 1024 pixels, of one
     *     upright face from the front with the mouth closed.
     *
     *     The avatar has the mode of the key that creates it: test keys do not see live avatars, and live keys do not see test
     *     avatars.
     *
     *     **Retrying is safe** with an `Idempotency-Key`: if you send the same image and name again, you get the first
     *     response again. Rejected requests are not stored.
     */
    post: operations['avatars.create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/avatars/{avatar_id}': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the avatar. A malformed id gets the same error as an id that does not exist. */
        avatar_id: components['parameters']['AvatarIdPath'];
      };
      cookie?: never;
    };
    /**
     * Retrieve an avatar
     * @description Returns one avatar. Its `status` shows whether processing is finished, and `failure_reason` says why it failed.
     */
    get: operations['avatars.get'];
    put?: never;
    post?: never;
    /**
     * Delete an avatar
     * @description Delete one of your own avatars. New sessions can no longer use it; live sessions keep it until they end. Its image
     *     is erased within minutes, or once no live session uses it. This cannot be undone.
     *
     *     Stock avatars cannot be deleted.
     */
    delete: operations['avatars.delete'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/avatars/{avatar_id}/preview': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the avatar. A malformed id gets the same error as an id that does not exist. */
        avatar_id: components['parameters']['AvatarIdPath'];
      };
      cookie?: never;
    };
    /**
     * Retrieve the picture of an avatar
     * @description The face of an avatar at rest, to show in a list: the portrait of one of your own avatars, or the drawing of a stock
     *     avatar.
     *
     *     Your own avatars' pictures never change. Caches may keep pictures for a while and revalidate them with
     *     `If-None-Match`.
     */
    get: operations['avatars.preview'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/limits': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Retrieve limits
     * @description The limits of your organisation (concurrent sessions, session duration and credits), how much of each is used, and
     *     the rate limits of the calling key.
     */
    get: operations['limits.get'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/billing/plans': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List plans
     * @description Every plan with its price and limits, smallest first. The request needs no key, so a pricing page can show the
     *     plans. The response is a bare array without pages.
     */
    get: operations['plans.list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/status': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Retrieve system status
     * @description The state of Greenroom, from checks of each component: whether the database responds, sessions are being assigned,
     *     and workers have called recently. The request needs no key, so it works even when your key does not.
     *
     *     The response is 200 even while a component is down. Calls are rate limited by client address.
     */
    get: operations['status.get'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/api_keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List API keys
     * @description Your organisation's keys in the mode of the calling key, newest first. The list has no secrets, because the server
     *     stores only hashes of them.
     */
    get: operations['apiKeys.list'];
    put?: never;
    /**
     * Create an API key
     * @description Create a key with only the scopes that it needs. A test key creates test keys, and a live key creates live keys.
     *
     *     A key can grant only the scopes that it has, and only until its own expiry: a key that expires cannot create a key
     *     that expires later or never.
     *
     *     **Store the secret now:** no other operation returns it. To rotate a key, create a new key, deploy it, and delete
     *     the old key when its `last_used_at` stops changing.
     *
     *     **Retrying is safe** with an `Idempotency-Key`: the same request sent again within 24 hours gets the first response
     *     again, including the secret. The server keeps the response encrypted for that time.
     */
    post: operations['apiKeys.create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/api_keys/current': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Retrieve the calling API key
     * @description The key that sends the request, without its secret: what it may do and when it expires. Every customer key can call
     *     this, whatever its scopes.
     */
    get: operations['apiKeys.current'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/api_keys/{api_key_id}': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the key, `key_…`, not the key itself. */
        api_key_id: components['parameters']['ApiKeyIdPath'];
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Delete an API key
     * @description Revoke a key. It stops working everywhere within a second; after that, its requests get `api_key.revoked`. This
     *     cannot be undone. Sessions that the key created continue. A second delete returns 404.
     */
    delete: operations['apiKeys.delete'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/internal/v1/workers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Register a worker
     * @description A worker registers when its process starts. The response says how often to report. Workers do not unregister: the
     *     server forgets them after a long silence.
     */
    post: operations['workers.register'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/internal/v1/workers/{worker_id}/claim': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id that the worker got when it registered. */
        worker_id: components['parameters']['WorkerIdPath'];
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Claim a session
     * @description Wait for a session that this worker can perform. The server responds as soon as there is one, with the session's
     *     token in clear text and a fence that every report must include. If no session arrives in time, the response is 204,
     *     and the worker claims again.
     *
     *     The lease starts with the response: a worker that does not report in time loses the session.
     */
    post: operations['workers.claim'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/internal/v1/assignments/{session_id}/report': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the session. A malformed id gets the same error as an id that does not exist. */
        session_id: components['parameters']['SessionIdPath'];
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Report on an assignment
     * @description Report the progress of the performance and get the next directive. Every report renews the lease. Counters are
     *     totals, so lost or repeated reports do no harm.
     *
     *     With `wait_seconds`, the report is a long poll: the server delays the response while the directive is `continue`, so
     *     the worker gets any other directive at once instead of with its next report.
     *
     *     409 `assignment.lost` means that the session is over or belongs to another worker. Leave the room.
     */
    post: operations['assignments.report'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/internal/v1/assignments/{session_id}/portrait': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the session. A malformed id gets the same error as an id that does not exist. */
        session_id: components['parameters']['SessionIdPath'];
      };
      cookie?: never;
    };
    /**
     * Retrieve the portrait of an assignment
     * @description The portrait of the session's avatar, for the worker that performs it. It does not change during the
     *     assignment, even if the customer deletes the avatar.
     *
     *     404 `avatar.no_portrait` means that the avatar is a stock avatar, which the runtime draws.
     */
    get: operations['assignments.portrait'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export interface webhooks {
  'session.queued': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * A session waits for a worker
     * @description Posted to each of your endpoints that receives `session.queued`. [Standard
     *     Webhooks](https://www.standardwebhooks.com) defines the headers `webhook-id`, `webhook-timestamp` and
     *     `webhook-signature`.
     */
    post: operations['webhooks.sessionQueued'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  'session.starting': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * A worker joins the room
     * @description Posted to each of your endpoints that receives `session.starting`. [Standard
     *     Webhooks](https://www.standardwebhooks.com) defines the headers `webhook-id`, `webhook-timestamp` and
     *     `webhook-signature`.
     */
    post: operations['webhooks.sessionStarting'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  'session.running': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * The avatar is visible
     * @description Posted to each of your endpoints that receives `session.running`. [Standard
     *     Webhooks](https://www.standardwebhooks.com) defines the headers `webhook-id`, `webhook-timestamp` and
     *     `webhook-signature`.
     */
    post: operations['webhooks.sessionRunning'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  'session.ending': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * The avatar leaves the room
     * @description Posted to each of your endpoints that receives `session.ending`. [Standard
     *     Webhooks](https://www.standardwebhooks.com) defines the headers `webhook-id`, `webhook-timestamp` and
     *     `webhook-signature`.
     */
    post: operations['webhooks.sessionEnding'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  'session.ended': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * A session ended
     * @description Posted to each of your endpoints that receives `session.ended`. [Standard
     *     Webhooks](https://www.standardwebhooks.com) defines the headers `webhook-id`, `webhook-timestamp` and
     *     `webhook-signature`.
     */
    post: operations['webhooks.sessionEnded'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  'session.failed': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * A session failed
     * @description Posted to each of your endpoints that receives `session.failed`. [Standard
     *     Webhooks](https://www.standardwebhooks.com) defines the headers `webhook-id`, `webhook-timestamp` and
     *     `webhook-signature`.
     */
    post: operations['webhooks.sessionFailed'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  'session.canceled': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * A session was canceled
     * @description Posted to each of your endpoints that receives `session.canceled`. [Standard
     *     Webhooks](https://www.standardwebhooks.com) defines the headers `webhook-id`, `webhook-timestamp` and
     *     `webhook-signature`.
     */
    post: operations['webhooks.sessionCanceled'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  'avatar.ready': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * An avatar is ready
     * @description Posted to each of your endpoints that receives `avatar.ready`. [Standard Webhooks](https://www.standardwebhooks.com)
     *     defines the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`.
     */
    post: operations['webhooks.avatarReady'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  'avatar.failed': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * An avatar could not be prepared
     * @description Posted to each of your endpoints that receives `avatar.failed`. [Standard
     *     Webhooks](https://www.standardwebhooks.com) defines the headers `webhook-id`, `webhook-timestamp` and
     *     `webhook-signature`.
     */
    post: operations['webhooks.avatarFailed'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  'credits.low': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Your credits are low
     * @description Posted to each of your endpoints that receives `credits.low`. [Standard Webhooks](https://www.standardwebhooks.com)
     *     defines the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`.
     */
    post: operations['webhooks.creditsLow'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  'webhook_endpoint.disabled': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * An endpoint was disabled
     * @description Posted to each of your endpoints that receives `webhook_endpoint.disabled`. [Standard
     *     Webhooks](https://www.standardwebhooks.com) defines the headers `webhook-id`, `webhook-timestamp` and
     *     `webhook-signature`.
     */
    post: operations['webhooks.webhookEndpointDisabled'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  ping: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * A test delivery
     * @description Posted to each of your endpoints that receives `ping`, when you test it with `webhookEndpoints.test`. [Standard
     *     Webhooks](https://www.standardwebhooks.com) defines the headers `webhook-id`, `webhook-timestamp` and
     *     `webhook-signature`.
     */
    post: operations['webhooks.ping'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export interface components {
  schemas: {
    /**
     * @description A session status, or one of two shorthands:
     *
     *     - `active`: `created`, `queued`, `starting`, `running` and `ending`.
     *     - `terminal`: `ended`, `failed` and `canceled`.
     * @enum {string}
     */
    SessionStatusFilter:
      | 'created'
      | 'queued'
      | 'starting'
      | 'running'
      | 'ending'
      | 'ended'
      | 'failed'
      | 'canceled'
      | 'active'
      | 'terminal';
    /**
     * @description The id of an avatar. The stock avatars are `av_stock_001`, `av_stock_002` and so on.
     * @example av_stock_001
     */
    AvatarId: string;
    /**
     * @description The id of one request, `req_` and a ULID. Quote it in support requests.
     * @example req_01KKGP79VGVVNAJTS2PNVX0WS3
     */
    RequestId: string;
    /**
     * @description The id of a session, `sess_` and a ULID. Ids sort by time of creation.
     * @example sess_01KKGP3AHXVQV4KG6WMY16063Q
     */
    SessionId: string;
    /**
     * @description The state of a session. A session only moves forward through this list, with one exception: a session in a room that
     *     loses its worker before the first video frame returns to `queued` once.
     *
     *     - `created`: accepted, not yet queued. Sessions are queued when they are created, so you only see it in the first
     *       event.
     *     - `queued`: waiting for a worker.
     *     - `starting`: a worker has claimed the session and is joining the room or waiting for your connection.
     *     - `running`: the first video frame has been published, and billing has started.
     *     - `ending`: the worker is finishing and leaving the room.
     *     - `ended`: finished as planned. Terminal.
     *     - `failed`: ended by a failure; `failure` says why. Terminal.
     *     - `canceled`: ended before a worker claimed it, so nothing is billed. Terminal.
     * @enum {string}
     */
    SessionStatus: 'created' | 'queued' | 'starting' | 'running' | 'ending' | 'ended' | 'failed' | 'canceled';
    /**
     * @description The source of the speech that the avatar performs.
     *
     *     - `data_stream`: your agent sends audio to the worker over a LiveKit data stream.
     *     - `track`: the worker subscribes to a participant's audio track; see `subscribe_to_identity`.
     * @enum {string}
     */
    AudioSource: 'data_stream' | 'track';
    /**
     * LiveKitTransport
     * @description Your LiveKit room, which the worker joins as a participant.
     */
    LiveKitTransport: {
      /**
       * @description Always `livekit`. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: 'livekit';
      /** @description The address of your LiveKit server. */
      url: string;
      /** @description The room that the worker joins. */
      room_name: string;
      /**
       * @description Always `[redacted]`: no response contains the token.
       * @constant
       */
      worker_token: '[redacted]';
      /** @description The participant identity that the worker has in the room. */
      worker_identity: string;
      audio_source: components['schemas']['AudioSource'];
      /** @description With `audio_source` `track`, the participant that the worker listens to; null means the first that publishes a track. */
      subscribe_to_identity: string | null;
      /** @description Whether the worker plays a sine tone if no participant has joined within 10 seconds. For demos. */
      synthetic_audio_if_no_input: boolean;
    };
    /**
     * WebSocketTransport
     * @description Reserved. No session has this transport yet.
     */
    WebSocketTransport: {
      /**
       * @description Always `websocket`. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: 'websocket';
    } & {
      [key: string]: unknown;
    };
    /**
     * PipecatTransport
     * @description A WebSocket between your program and the worker. `pipecatSessions.create` creates such sessions.
     */
    PipecatTransport: {
      /**
       * @description Always `pipecat`. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: 'pipecat';
    };
    /**
     * Transport
     * @description How audio and video are exchanged: in your LiveKit room, or over a WebSocket (`pipecat`). `websocket` is
     *     reserved, so that clients can already read it.
     */
    Transport:
      | components['schemas']['LiveKitTransport']
      | components['schemas']['WebSocketTransport']
      | components['schemas']['PipecatTransport'];
    /**
     * @description The price class of the performance. A session costs its started minutes times the multiplier, in credits. The
     *     `livekit` runtime performs every quality the same way, at 512 × 512 pixels and 25 frames per second.
     *
     *     - `mock`: for development and tests. Multiplier 1, as `standard`.
     *     - `lite`: multiplier 0.5.
     *     - `standard`: multiplier 1.
     *     - `pro`: multiplier 2.
     * @enum {string}
     */
    Quality: 'mock' | 'lite' | 'standard' | 'pro';
    /** @description A string, a number, true, false or null. To store nested data, send it as a JSON string. */
    MetadataValue: string | number | boolean | null;
    /**
     * @description Your own data about the session, such as a user id, a ticket number or an experiment's name. The server stores and
     *     returns it but does not use it, with one exception: in test sessions in rooms, `simulate` scripts a fault and is one
     *     of `worker_never_joins`, `token_expired`, `room_unreachable`, `crash_after_10` and `heartbeat_gap`.
     *
     *     Numbers are stored as IEEE 754 doubles, and a number beyond ±(2^53−1) is rejected. Send longer numbers as strings.
     *
     *     The limit is 8192 bytes when written as JSON. Keys that begin with `_avatar.` are reserved and rejected.
     * @example {
     *       "ticket": "4711"
     *     }
     */
    Metadata: {
      [key: string]: components['schemas']['MetadataValue'];
    };
    /**
     * Format: date-time
     * @description A moment in UTC, RFC 3339, always with milliseconds and a `Z`.
     * @example 2026-03-12T09:30:00.125Z
     */
    Timestamp: string;
    /**
     * Format: date-time
     * @description A moment in UTC, RFC 3339, always with milliseconds and a `Z`; or null if it has not been reached.
     * @example 2026-03-12T09:30:00.125Z
     */
    TimestampOrNull: string | null;
    /**
     * @description Why a session failed.
     *
     *     - `room.unreachable`: The worker could not join the room: the LiveKit server at `url` or its media ports did not respond, the server has no such room, the room is full, or the room is end-to-end encrypted. `message` says which.
     *     - `room.token_rejected`: The LiveKit server rejected `worker_token`, for example because it was signed with another key, or the token expired before a worker claimed the session.
     *     - `room.disconnected`: The worker was in the room and lost its connection: another participant took its identity, or the connection did not come back. When the room is deleted or closed, or the worker is removed, the session does not fail, but ends with that reason.
     *     - `worker.lost`: The worker stopped reporting and did not come back.
     *     - `worker.unavailable`: No worker claimed the session before its join deadline.
     *     - `worker.crashed`: The worker's process stopped with an error.
     *     - `runtime.error`: The runtime that draws the avatar failed.
     * @enum {string}
     */
    FailureCode:
      | 'room.unreachable'
      | 'room.token_rejected'
      | 'room.disconnected'
      | 'worker.lost'
      | 'worker.unavailable'
      | 'worker.crashed'
      | 'runtime.error';
    /** @description Why a session failed. */
    Failure: {
      code: components['schemas']['FailureCode'];
      /** @description The failure as a sentence for people. It may change, so branch on `code`. */
      message: string;
    };
    /**
     * @description Live counters. While the session runs, they may trail the worker by one report (a few seconds). They are final once
     *     the status is terminal. The authoritative record of a session's cost is its usage events: `usage.events` with
     *     `session_id`.
     */
    SessionUsage: {
      /**
       * Format: int32
       * @description Seconds of performance so far, by the worker's clock, from the first video frame on.
       */
      billable_seconds: number;
      /**
       * Format: int64
       * @description Video frames published so far.
       */
      frames: number;
    };
    /**
     * Session
     * @description One performance of one avatar, in one of your LiveKit rooms or over a WebSocket.
     */
    Session: {
      id: components['schemas']['SessionId'];
      /**
       * @description Always `session`.
       * @constant
       */
      object: 'session';
      status: components['schemas']['SessionStatus'];
      avatar_id: components['schemas']['AvatarId'];
      transport: components['schemas']['Transport'];
      quality: components['schemas']['Quality'];
      /**
       * Format: int32
       * @description The worker leaves at most this many seconds after the first video frame. The drain begins five seconds before, or
       *     with the last tenth of a session of less than 50 seconds. This is the effective value: the lower of the requested
       *     value and your plan's maximum.
       */
      max_duration_seconds: number;
      /**
       * Format: int32
       * @description End the session when the worker has received no audio for this many seconds. With `audio_source` `data_stream`,
       *     audio counts when it arrives and while it is played. With `track`, every received frame counts, even silence, so
       *     the time runs only while the track is muted or missing. Over a WebSocket, audio counts as with `data_stream`.
       */
      idle_timeout_seconds: number;
      metadata: components['schemas']['Metadata'];
      /** @description When you created the session. `id` contains the same time. */
      created_at: components['schemas']['Timestamp'];
      /** @description When a worker began the performance, or null if none has begun it yet. */
      started_at: components['schemas']['TimestampOrNull'];
      /** @description When the first video frame was published, or null if there is none yet. */
      first_frame_at: components['schemas']['TimestampOrNull'];
      /** @description When the session became `ended` or `canceled`, or null. */
      ended_at: components['schemas']['TimestampOrNull'];
      /** @description When the session became `failed`, or null. */
      failed_at: components['schemas']['TimestampOrNull'];
      /** @description Why the session failed. Set when `status` is `failed`, otherwise null. */
      failure: components['schemas']['Failure'] | null;
      usage: components['schemas']['SessionUsage'];
    };
    /** @description One page of sessions, newest first. */
    SessionList: {
      /**
       * @description Always `list`.
       * @constant
       */
      object: 'list';
      /** @description The sessions of this page. */
      data: components['schemas']['Session'][];
      /** @description Whether there is another page. */
      has_more: boolean;
      /** @description The `starting_after` for the next page, or null on the last page. */
      next_cursor: string | null;
    };
    /**
     * @description The kind of error, enough for a program to decide what to do.
     *
     *     - `invalid_request`: the request cannot be parsed or makes no sense here. Fix it before you send it again.
     *     - `authentication`: the key is missing or not valid. Check it.
     *     - `permission`: the key is valid, but the key or your plan does not allow this.
     *     - `not_found`: you have no object with this id.
     *     - `conflict`: the request conflicts with the state of an existing object.
     *     - `unprocessable`: a field or a parameter does not match this document. `param` names it.
     *     - `rate_limit`: too many requests. Wait for `Retry-After` seconds.
     *     - `quota_exceeded`: more than your plan or your credits allow.
     *     - `internal`: an error inside the server. Retry once; if it persists, report the `request_id` to the operator.
     *     - `service_unavailable`: the server cannot serve the request now. Wait for `Retry-After` seconds.
     * @enum {string}
     */
    ErrorType:
      | 'invalid_request'
      | 'authentication'
      | 'permission'
      | 'not_found'
      | 'conflict'
      | 'unprocessable'
      | 'rate_limit'
      | 'quota_exceeded'
      | 'internal'
      | 'service_unavailable';
    /**
     * @description The specific error, for programs. New codes may be added; existing codes keep their meaning. Handle an unknown code by
     *     its `type` and the HTTP status.
     * @enum {string}
     */
    ErrorCode:
      | 'body.malformed'
      | 'request.malformed'
      | 'status.unknown'
      | 'cursor.unknown'
      | 'cursor.expired'
      | 'period.contradictory'
      | 'transport.unsupported'
      | 'transport.insecure_url'
      | 'webhook_endpoint.insecure_url'
      | 'webhook_endpoint.private_url'
      | 'avatar.stock'
      | 'api_key.missing'
      | 'api_key.malformed'
      | 'api_key.unknown'
      | 'api_key.expired'
      | 'api_key.revoked'
      | 'insufficient_credit_balance'
      | 'api_key.scope_required'
      | 'api_key.grant_exceeded'
      | 'api_key.limit_reached'
      | 'avatar.limit_reached'
      | 'webhook_endpoint.limit_reached'
      | 'api_key.wrong_kind'
      | 'organisation.suspended'
      | 'route.not_found'
      | 'session.not_found'
      | 'avatar.not_found'
      | 'avatar.no_portrait'
      | 'event.not_found'
      | 'api_key.not_found'
      | 'webhook_endpoint.not_found'
      | 'webhook_delivery.not_found'
      | 'worker.not_found'
      | 'method.not_allowed'
      | 'request.timeout'
      | 'idempotency_key.reused'
      | 'idempotency_key.in_use'
      | 'worker_identity.in_use'
      | 'avatar.not_ready'
      | 'webhook_endpoint.disabled'
      | 'assignment.lost'
      | 'body.too_large'
      | 'content_type.unsupported'
      | 'body.invalid'
      | 'body.unknown_field'
      | 'parameter.invalid'
      | 'parameter.unknown'
      | 'period.purged'
      | 'metadata.too_large'
      | 'metadata.invalid_number'
      | 'image.unsupported'
      | 'image.unreadable'
      | 'image.too_many_pixels'
      | 'worker_token.malformed'
      | 'worker_token.expired'
      | 'worker_token.not_yet_valid'
      | 'worker_token.room_mismatch'
      | 'worker_token.identity_mismatch'
      | 'worker_token.cannot_join'
      | 'worker_token.cannot_publish'
      | 'worker_token.cannot_subscribe'
      | 'rate_limit.exceeded'
      | 'concurrent_sessions'
      | 'concurrent_streams'
      | 'internal'
      | 'at_capacity'
      | 'draining'
      | 'database.unavailable';
    /**
     * ApiError
     * @description The error.
     */
    ApiError: {
      type: components['schemas']['ErrorType'];
      code: components['schemas']['ErrorCode'];
      /** @description The problem, the expected value and the remedy, for people. It may change, so do not compare it in code. */
      message: string;
      /**
       * @description The invalid field or parameter as a dotted path, such as `transport.worker_token` or `limit`; null when the error
       *     is not about a particular one.
       */
      param: string | null;
      request_id: components['schemas']['RequestId'];
    };
    /**
     * ApiErrorEnvelope
     * @description The body of every error response.
     */
    ApiErrorEnvelope: {
      error: components['schemas']['ApiError'];
    };
    /**
     * LiveKitTransportCreate
     * @description Your LiveKit room, which the worker joins as a participant. You mint the worker's token, so you never share your
     *     LiveKit API key and secret.
     */
    LiveKitTransportCreate: {
      /**
       * @description Always `livekit`. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: 'livekit';
      /**
       * @description The address of your LiveKit server, `wss://…`. An unencrypted `ws://…` is accepted only if the server is
       *     configured for development.
       * @example wss://acme.livekit.cloud
       */
      url: string;
      /** @description The room to join. It must be the room that the token's grant `video.room` names. */
      room_name: string;
      /**
       * Format: password
       * @description A LiveKit access token that you mint for the worker. It has `roomJoin` for this room and may publish, its `sub` is
       *     the worker's identity, and it is valid from now until the worker has joined. Before it stores anything, the server
       *     checks everything it can without your secret. It stores the token encrypted, never returns it, and erases it when
       *     the session is over.
       */
      worker_token: string;
      /**
       * @description The participant identity of the worker in the room. The default is the token's `sub`, or `greenroom-worker` if the
       *     token has none. If you set it, the token's `sub` must be the same. Only one live session at a time can hold an
       *     identity in a room. A session whose token acts for another participant (`attributes["lk.publish_on_behalf"]`, as
       *     LiveKit Agents sets it) replaces the session that holds the identity, which ends with the reason
       *     `session.replaced`.
       */
      worker_identity?: string;
      /** @default data_stream */
      audio_source?: components['schemas']['AudioSource'];
      /**
       * @description With `audio_source` `track`, the identity of the participant to listen to. Null means the first participant that
       *     publishes a track.
       * @default null
       */
      subscribe_to_identity?: string | null;
      /**
       * @description Play a sine tone if no participant has joined within 10 seconds, so that the avatar moves its mouth.
       *     For demos; leave it off in production.
       * @default false
       */
      synthetic_audio_if_no_input?: boolean;
    };
    /**
     * WebSocketTransportCreate
     * @description Reserved. It is always rejected with 400 `transport.unsupported`.
     */
    WebSocketTransportCreate: {
      /**
       * @description Always `websocket`. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: 'websocket';
    } & {
      [key: string]: unknown;
    };
    /**
     * PipecatTransportCreate
     * @description Always rejected with 400 `transport.unsupported`. Create such a session with `pipecatSessions.create`.
     */
    PipecatTransportCreate: {
      /**
       * @description Always `pipecat`. (enum property replaced by openapi-typescript)
       * @enum {string}
       */
      type: 'pipecat';
    } & {
      [key: string]: unknown;
    };
    /**
     * TransportCreate
     * @description How the worker reaches your room. `type` names the kind of transport. Only `livekit` is available
     *     here. `pipecat` is rejected with `transport.unsupported`, because `pipecatSessions.create` creates such sessions, and so
     *     is `websocket`, which is reserved. A transport without a `type` counts as `livekit`, because some clients omit it.
     */
    TransportCreate:
      | components['schemas']['LiveKitTransportCreate']
      | components['schemas']['WebSocketTransportCreate']
      | components['schemas']['PipecatTransportCreate'];
    /**
     * SessionCreate
     * @description A session to create. Only `avatar_id` and `transport` are required.
     */
    SessionCreate: {
      /** @description The avatar that performs. It must be `ready`. */
      avatar_id: components['schemas']['AvatarId'];
      transport: components['schemas']['TransportCreate'];
      /** @default standard */
      quality?: components['schemas']['Quality'];
      /**
       * Format: int32
       * @description How long the session may last, from the first video frame until the worker has left. If it is omitted, null or
       *     above your plan's maximum, that maximum applies. The response has the effective value.
       */
      max_duration_seconds?: number | null;
      /**
       * Format: int32
       * @description End the session when the worker has received no audio for this many seconds. With `audio_source` `data_stream`,
       *     audio counts when it arrives and while it is played. With `track`, every received frame counts, even silence, so
       *     the time runs only while the track is muted or missing.
       * @default 30
       */
      idle_timeout_seconds?: number;
      /** @default {} */
      metadata?: components['schemas']['Metadata'];
    };
    /**
     * @description The id of an event, `evt_` and a ULID.
     * @example evt_01KKGP3AHXVQV4KG6WMY16063Q
     */
    EventId: string;
    /**
     * @description The cause of a session's change of status.
     *
     *     - `customer`: a request made with one of your keys.
     *     - `worker`: the worker that performs the session.
     *     - `system`: Greenroom itself, for example because a deadline passed.
     * @enum {string}
     */
    EventActor: 'customer' | 'worker' | 'system';
    /**
     * SessionEvent
     * @description One change of a session's status.
     */
    SessionEvent: {
      id: components['schemas']['EventId'];
      /**
       * @description Always `session.event`.
       * @constant
       */
      object: 'session.event';
      session_id: components['schemas']['SessionId'];
      /** @description The previous status. */
      from: components['schemas']['SessionStatus'];
      /** @description The new status. */
      to: components['schemas']['SessionStatus'];
      actor: components['schemas']['EventActor'];
      /**
       * @description Why the status changed, for programs. New reasons may be added. For a failure, the reason is its code, unless the
       *     session missed the deadline for the first frame.
       *
       *     - `session.created`: You created it.
       *     - `session.end_requested`: You ended it.
       *     - `session.replaced`: A session for another agent took over the identity in the room.
       *     - `session.idle`: No audio was received for `idle_timeout_seconds`.
       *     - `session.max_duration`: The session is about to reach `max_duration_seconds`.
       *     - `worker.starting`: A worker claimed the session and is joining the room or waiting for the client.
       *     - `worker.first_frame`: The worker published the first video frame.
       *     - `worker.left`: The worker has finished and left the room.
       *     - `worker.lost`: The worker stopped reporting. Before the first frame, a session in a room is queued again once.
       *     - `worker.unavailable`: No worker claimed the session in time.
       *     - `performance.finished`: The worker has nothing left to perform, or is stopping.
       *     - `room.deleted`: The room was deleted.
       *     - `room.closed`: The room was closed.
       *     - `worker.removed`: The worker was removed from the room.
       *     - `agent.left`: The participant named in the token's `lk.publish_on_behalf` left the room.
       *     - `client.left`: The client disconnected and did not come back in time, closed the connection, or did not wait for a worker.
       *     - `client.never_connected`: The client did not connect to the worker in time. Nothing was charged.
       *     - `first_frame.deadline`: The worker published no video in time.
       *     - `drain.deadline`: The worker did not leave in time, and the session ended without it.
       *     - `room.token_rejected`: The token expired before a worker claimed the session, or LiveKit rejected it.
       */
      reason: string;
      /** @description When the status changed. */
      created_at: components['schemas']['Timestamp'];
    };
    /** @description One page of a session's history, oldest first. */
    SessionEventList: {
      /**
       * @description Always `list`.
       * @constant
       */
      object: 'list';
      /** @description The events of this page. */
      data: components['schemas']['SessionEvent'][];
      /** @description Whether there is another page. */
      has_more: boolean;
      /** @description The `starting_after` for the next page, or null on the last page. */
      next_cursor: string | null;
    };
    /**
     * @description How audio and video are exchanged.
     *
     *     - `websocket`: over a WebSocket to the worker.
     * @enum {string}
     */
    RelayMode: 'websocket';
    /**
     * PipecatSessionCreate
     * @description A session over a WebSocket to create. Only `avatar_id` is required.
     */
    PipecatSessionCreate: {
      /** @description The avatar that performs. It must be `ready`. */
      avatar_id: components['schemas']['AvatarId'];
      /** @default standard */
      quality?: components['schemas']['Quality'];
      /**
       * Format: int32
       * @description How long the session may last, from the first video frame until the worker has left. If it is omitted, null or
       *     above your plan's maximum, that maximum applies. The response has the effective value.
       */
      max_duration_seconds?: number | null;
      /**
       * Format: int32
       * @description End the session when the worker has received no audio for this many seconds. Audio counts when it arrives and
       *     while it is played.
       * @default 30
       */
      idle_timeout_seconds?: number;
      /** @default {} */
      metadata?: components['schemas']['Metadata'];
      /** @default websocket */
      relay_mode?: components['schemas']['RelayMode'];
    };
    /**
     * PipecatRelay
     * @description How to connect to the worker of a session.
     */
    PipecatRelay: {
      /**
       * @description Always `websocket`.
       * @constant
       */
      type: 'websocket';
      /**
       * @description The subprotocol of the WebSocket, always `protoface.pipecat.media.v1`.
       * @constant
       */
      protocol: 'protoface.pipecat.media.v1';
      /**
       * @description The address of the worker's WebSocket.
       * @example wss://media.example.com/v1/media/sess_01KKGP3AHXVQV4KG6WMY16063Q
       */
      media_url: string;
      /**
       * @description The credential of the WebSocket. It works while the session is live. No other operation returns it. The server
       *     keeps it encrypted and erases it when the session is over.
       */
      media_token: string;
      /**
       * Format: int32
       * @description The sample rate in hertz of the audio that the worker sends, and the best rate for audio that it receives.
       *     Currently always 16000.
       * @example 16000
       */
      audio_sample_rate: number;
      /**
       * @description How video frames are encoded. Currently always `jpeg`.
       * @enum {string}
       */
      video_encoding: 'jpeg' | 'rgb24';
      /**
       * @description The pixel format of decoded video frames, always `RGB`.
       * @constant
       */
      decoded_video_format: 'RGB';
      /** @description Whether the worker sends the avatar's speech, in sync with the video frames. Currently always true. */
      supports_audio_output: boolean;
    };
    /**
     * PipecatSession
     * @description A session over a WebSocket, and how to connect to it.
     */
    PipecatSession: {
      /**
       * @description Always `pipecat.session`.
       * @constant
       */
      object: 'pipecat.session';
      session: components['schemas']['Session'];
      relay: components['schemas']['PipecatRelay'];
    };
    /**
     * @description What happened. New types may be added; ignore types that you do not know.
     *
     *     - `session.queued`, `.starting`, `.running`, `.ending`, `.ended`, `.failed`, `.canceled`: a session got this status.
     *     - `avatar.ready`, `avatar.failed`: an avatar was prepared, or could not be.
     *     - `credits.low`: the balance fell below a tenth of the credits that your plan includes. It happens once each time the
     *       balance falls below that threshold. Reserved credits count as part of the balance.
     *     - `webhook_endpoint.disabled`: Greenroom disabled a webhook endpoint.
     *     - `ping`: a test that you sent to a webhook endpoint.
     * @enum {string}
     */
    EventType:
      | 'session.queued'
      | 'session.starting'
      | 'session.running'
      | 'session.ending'
      | 'session.ended'
      | 'session.failed'
      | 'session.canceled'
      | 'avatar.ready'
      | 'avatar.failed'
      | 'credits.low'
      | 'webhook_endpoint.disabled'
      | 'ping';
    /**
     * @description - `ready`: can be used in sessions.
     *     - `processing`: still being prepared, which usually takes a few seconds.
     *     - `failed`: could not be prepared; `failure_reason` says why.
     * @enum {string}
     */
    AvatarStatus: 'ready' | 'processing' | 'failed';
    /**
     * @description The kind of runtime that performs an avatar. Sessions of an avatar are assigned only to workers of its runtime type.
     * @example livekit
     */
    RuntimeType: string;
    /**
     * Avatar
     * @description A face that can perform in your sessions.
     */
    Avatar: {
      id: components['schemas']['AvatarId'];
      /**
       * @description Always `avatar`.
       * @constant
       */
      object: 'avatar';
      /** @description The name to show to people. */
      name: string;
      status: components['schemas']['AvatarStatus'];
      runtime_type: components['schemas']['RuntimeType'];
      /** @description Whether the avatar is for evaluation, not for production. */
      is_demo: boolean;
      /** @description When the avatar was added. */
      created_at: components['schemas']['Timestamp'];
      /**
       * @description Why the avatar could not be prepared, as a sentence to show to people: the image shows no face or several faces,
       *     the face is turned away, too small or cut off, or the image cannot be decoded. Set when `status` is `failed`,
       *     otherwise null.
       */
      failure_reason: string | null;
    };
    /**
     * CreditBalance
     * @description Your credits, as they were when the balance became low.
     */
    CreditBalance: {
      /**
       * @description Always `credits`.
       * @constant
       */
      object: 'credits';
      /**
       * Format: double
       * @description All your credits.
       */
      balance: number;
      /**
       * Format: double
       * @description Credits reserved for sessions that are not over yet.
       */
      reserved: number;
      /**
       * Format: double
       * @description Credits that new sessions can use: the balance minus the reserved credits.
       */
      available: number;
      /**
       * Format: double
       * @description The balance fell below this: a tenth of the credits that your plan includes.
       */
      threshold: number;
    };
    /**
     * @description The id of a webhook endpoint, `whe_` and a ULID.
     * @example whe_01KKGP79VG3M5N7P9Q2R4S6T8V
     */
    WebhookEndpointId: string;
    /**
     * @description - `enabled`: events are sent.
     *     - `disabled`: nothing is sent; `disabled_reason` says why.
     * @enum {string}
     */
    WebhookEndpointStatus: 'enabled' | 'disabled';
    /**
     * WebhookEndpoint
     * @description One of your URLs, to which events are posted.
     */
    WebhookEndpoint: {
      id: components['schemas']['WebhookEndpointId'];
      /**
       * @description Always `webhook_endpoint`.
       * @constant
       */
      object: 'webhook_endpoint';
      /**
       * Format: uri
       * @description The `https://` URL that deliveries are posted to. Its host must have a public address, which is checked at each
       *     attempt. It has no user name, password or fragment.
       */
      url: string;
      /** @description Your note about the purpose of the endpoint. */
      description: string;
      /**
       * @description The types of events that are sent. An empty list means all types, including types added later. Tests are always
       *     sent.
       */
      event_types: components['schemas']['EventType'][];
      status: components['schemas']['WebhookEndpointStatus'];
      /**
       * @description Why the endpoint is disabled, or null if it is enabled. New reasons may be added.
       *
       *     - `requested`: You disabled it.
       *     - `gone`: It responded 410 to a delivery.
       *     - `failing`: Every attempt for five days failed.
       */
      disabled_reason: string | null;
      /** @description When the endpoint was created. */
      created_at: components['schemas']['Timestamp'];
    };
    /**
     * EventData
     * @description The subject of the event.
     */
    EventData: {
      /**
       * @description The resource as it was immediately after the event: a session, an avatar, a webhook endpoint or your credits. Its
       *     `object` field names the kind. It contains no secrets; `worker_token` is `[redacted]`.
       */
      object:
        | components['schemas']['Session']
        | components['schemas']['Avatar']
        | components['schemas']['CreditBalance']
        | components['schemas']['WebhookEndpoint'];
    };
    /**
     * Event
     * @description Something that happened in your organisation. Events are kept for 30 days.
     */
    Event: {
      id: components['schemas']['EventId'];
      /**
       * @description Always `event`.
       * @constant
       */
      object: 'event';
      type: components['schemas']['EventType'];
      /** @description When it happened. */
      created_at: components['schemas']['Timestamp'];
      data: components['schemas']['EventData'];
    };
    /** @description One page of events, newest first. */
    EventList: {
      /**
       * @description Always `list`.
       * @constant
       */
      object: 'list';
      /** @description The events of this page. */
      data: components['schemas']['Event'][];
      /** @description Whether there is another page. */
      has_more: boolean;
      /** @description The `starting_after` for the next page, or null on the last page. */
      next_cursor: string | null;
    };
    /** @description Server-sent events. The `data` of each one is an event as JSON. */
    EventStream: string;
    /** @description One page of webhook endpoints, newest first. */
    WebhookEndpointList: {
      /**
       * @description Always `list`.
       * @constant
       */
      object: 'list';
      /** @description The endpoints of this page. */
      data: components['schemas']['WebhookEndpoint'][];
      /** @description Whether there is another page. */
      has_more: boolean;
      /** @description The `starting_after` for the next page, or null on the last page. */
      next_cursor: string | null;
    };
    /**
     * WebhookEndpointCreate
     * @description The webhook endpoint to create. It gets events of the mode of the calling key. An organisation can have 16 endpoints in
     *     test mode, and 16 in live mode.
     */
    WebhookEndpointCreate: {
      /**
       * Format: uri
       * @description The `https://` URL that deliveries are posted to. Its host must have a public address, which is checked at each
       *     attempt. It has no user name, password or fragment.
       */
      url: string;
      /**
       * @description Your note about the purpose of the endpoint.
       * @default
       */
      description?: string;
      /**
       * @description The types of events that are sent. An empty list means all types, including types added later. Tests are always
       *     sent.
       * @default []
       */
      event_types?: components['schemas']['EventType'][];
    };
    /**
     * WebhookEndpointWithSecret
     * @description A webhook endpoint, with its signing secret.
     */
    WebhookEndpointWithSecret: {
      id: components['schemas']['WebhookEndpointId'];
      /**
       * @description Always `webhook_endpoint`.
       * @constant
       */
      object: 'webhook_endpoint';
      /**
       * Format: uri
       * @description The `https://` URL that deliveries are posted to. Its host must have a public address, which is checked at each
       *     attempt. It has no user name, password or fragment.
       */
      url: string;
      /** @description Your note about the purpose of the endpoint. */
      description: string;
      /**
       * @description The types of events that are sent. An empty list means all types, including types added later. Tests are always
       *     sent.
       */
      event_types: components['schemas']['EventType'][];
      status: components['schemas']['WebhookEndpointStatus'];
      /**
       * @description Why the endpoint is disabled, or null if it is enabled. New reasons may be added.
       *
       *     - `requested`: You disabled it.
       *     - `gone`: It responded 410 to a delivery.
       *     - `failing`: Every attempt for five days failed.
       */
      disabled_reason: string | null;
      /**
       * @description The secret that verifies deliveries, `whsec_` and base64. Store it now: only creating the endpoint and rotating
       *     its secret return a secret.
       */
      secret: string;
      /** @description When the endpoint was created. */
      created_at: components['schemas']['Timestamp'];
    };
    /**
     * WebhookEndpointUpdate
     * @description The fields to change. Omitted fields keep their values.
     */
    WebhookEndpointUpdate: {
      /**
       * Format: uri
       * @description The `https://` URL that deliveries are posted to. Its host must have a public address, which is checked at each
       *     attempt. It has no user name, password or fragment.
       */
      url?: string;
      /** @description Your note about the purpose of the endpoint. */
      description?: string;
      /**
       * @description The types of events that are sent. An empty list means all types, including types added later. Tests are always
       *     sent.
       */
      event_types?: components['schemas']['EventType'][];
      /**
       * @description `disabled` stops deliveries and cancels pending ones. `enabled` sends events from now on; events that happened in
       *     between are not sent.
       */
      status?: components['schemas']['WebhookEndpointStatus'];
    };
    /**
     * WebhookTest
     * @description The test to send.
     */
    WebhookTest: {
      /** @description The type of the sample. The default is `ping`. */
      type?: components['schemas']['EventType'];
    };
    /**
     * @description The id of a webhook delivery, `whd_` and a ULID.
     * @example whd_01KKGJ5351A0B1C2D3E4F5A6B7
     */
    WebhookDeliveryId: string;
    /**
     * @description - `pending`: an attempt is in progress or due at `next_attempt_at`.
     *     - `succeeded`: the endpoint responded with a 2xx status.
     *     - `failed`: the last attempt failed.
     *     - `canceled`: the endpoint was disabled before the delivery succeeded.
     * @enum {string}
     */
    WebhookDeliveryStatus: 'pending' | 'succeeded' | 'failed' | 'canceled';
    /**
     * WebhookAttempt
     * @description One request to the endpoint.
     */
    WebhookAttempt: {
      /** @description When the request was sent. */
      attempted_at: components['schemas']['Timestamp'];
      /**
       * Format: int32
       * @description Milliseconds until the response, or until the attempt failed.
       */
      duration_ms: number;
      /**
       * Format: int32
       * @description The status of the response, or null if there was none.
       */
      status_code: number | null;
      /**
       * @description Why the attempt failed, or null if it succeeded. New values may be added.
       *
       *     - `status`: The status of the response is not 2xx.
       *     - `redirect`: The response is a redirect, which is not followed.
       *     - `timeout`: No response arrived within 15 seconds.
       *     - `dns_error`: The host has no address.
       *     - `address_refused`: The host has no public address.
       *     - `connection_error`: The connection was refused or lost.
       *     - `tls_error`: The TLS handshake failed, or the certificate is not valid.
       *     - `invalid_response`: The response is not HTTP.
       *     - `secret_unreadable`: The server can no longer read the secret. Rotate it.
       *     - `event_unreadable`: The server can no longer read the event. It logs the reason.
       *     - `event_deleted`: The event is older than 30 days.
       */
      error: string | null;
      /** @description The first 1024 bytes of the body of the response, or null if there was none. */
      response: string | null;
    };
    /**
     * WebhookDelivery
     * @description An event on its way to an endpoint. Deliveries are kept for 30 days.
     *
     *     A failed attempt is repeated after 5 seconds, 5 minutes, 30 minutes, 2, 5, 10, 14, 20 and 24 hours, each counted from
     *     the previous failure and up to a tenth longer. While an endpoint fails, attempts are made one at a time and less
     *     often.
     */
    WebhookDelivery: {
      id: components['schemas']['WebhookDeliveryId'];
      /**
       * @description Always `webhook_delivery`.
       * @constant
       */
      object: 'webhook_delivery';
      webhook_endpoint_id: components['schemas']['WebhookEndpointId'];
      /** @description The id of the event, which is the `webhook-id` of each attempt. */
      event_id: components['schemas']['EventId'];
      event_type: components['schemas']['EventType'];
      status: components['schemas']['WebhookDeliveryStatus'];
      /** @description The last 20 attempts, oldest first. */
      attempts: components['schemas']['WebhookAttempt'][];
      /** @description When the next attempt is due, or null if there is none. */
      next_attempt_at: components['schemas']['TimestampOrNull'];
      /** @description When the event happened. */
      created_at: components['schemas']['Timestamp'];
    };
    /** @description One page of webhook deliveries, newest first. */
    WebhookDeliveryList: {
      /**
       * @description Always `list`.
       * @constant
       */
      object: 'list';
      /** @description The deliveries of this page. */
      data: components['schemas']['WebhookDelivery'][];
      /** @description Whether there is another page. */
      has_more: boolean;
      /** @description The `starting_after` for the next page, or null on the last page. */
      next_cursor: string | null;
    };
    /**
     * @description A calendar month in UTC: the current or the previous one.
     * @enum {string}
     */
    UsagePeriod: 'current_month' | 'previous_month';
    /**
     * Format: int64
     * @description Seconds of performance in this quality.
     */
    QualitySeconds: number;
    /** @description The billable seconds of each quality. All four are always present, with 0 for unused ones. */
    UsageByQuality: {
      mock: components['schemas']['QualitySeconds'];
      lite: components['schemas']['QualitySeconds'];
      standard: components['schemas']['QualitySeconds'];
      pro: components['schemas']['QualitySeconds'];
    };
    /**
     * UsageSummary
     * @description The usage of your organisation in a period. Always equal to the sum of the period's usage events.
     */
    UsageSummary: {
      /** @description The first moment of the period. */
      period_start: components['schemas']['Timestamp'];
      /** @description The first moment after the period. */
      period_end: components['schemas']['Timestamp'];
      /**
       * Format: int64
       * @description Seconds of performance in the period.
       */
      billable_seconds: number;
      /**
       * Format: int64
       * @description Sessions that these seconds belong to.
       */
      sessions: number;
      by_quality: components['schemas']['UsageByQuality'];
    };
    /**
     * @description The id of a usage event, `use_` and a ULID.
     * @example use_01KKGJ5351GAE2WASPYVVQN7RQ
     */
    UsageEventId: string;
    /**
     * UsageEvent
     * @description The charge for a part of a session. Usage events never change, and a usage summary is their sum. A running session
     *     gets one for each minute, and one for the rest at its end.
     */
    UsageEvent: {
      id: components['schemas']['UsageEventId'];
      /**
       * @description Always `usage.event`.
       * @constant
       */
      object: 'usage.event';
      session_id: components['schemas']['SessionId'];
      quality: components['schemas']['Quality'];
      /** @description When this part of the performance began. */
      interval_start: components['schemas']['Timestamp'];
      /** @description When this part of the performance ended. */
      interval_end: components['schemas']['Timestamp'];
      /**
       * Format: int32
       * @description Seconds billed.
       */
      billable_seconds: number;
      /**
       * Format: double
       * @description Credits per started minute at this quality when the event was written.
       */
      multiplier: number;
      /**
       * Format: double
       * @description Credits charged with this event. All events of a session together charge its minutes, rounded up once per session,
       *     times `multiplier`. Zero for test sessions.
       */
      credits: number;
      /** @description When the event was written. This time decides which period the event belongs to. */
      created_at: components['schemas']['Timestamp'];
    };
    /** @description One page of usage events, newest first. */
    UsageEventList: {
      /**
       * @description Always `list`.
       * @constant
       */
      object: 'list';
      /** @description The usage events of this page. */
      data: components['schemas']['UsageEvent'][];
      /** @description Whether there is another page. */
      has_more: boolean;
      /** @description The `starting_after` for the next page, or null on the last page. */
      next_cursor: string | null;
    };
    /**
     * @description - `all`: stock avatars and your own.
     *     - `platform`: the stock avatars, which every organisation may use.
     *     - `org`: the avatars of your own organisation.
     * @enum {string}
     */
    AvatarScope: 'all' | 'platform' | 'org';
    /** @description One page of avatars: your own, oldest first, then the stock avatars. */
    AvatarList: {
      /**
       * @description Always `list`.
       * @constant
       */
      object: 'list';
      /** @description The avatars of this page. */
      data: components['schemas']['Avatar'][];
      /** @description Whether there is another page. */
      has_more: boolean;
      /** @description The `starting_after` for the next page, or null on the last page. */
      next_cursor: string | null;
    };
    /**
     * Format: binary
     * @description The source image of a face: a PNG, JPEG or WebP file of at most 10 MiB and 40 megapixels. The format is detected from
     *     the bytes, so the content type of the part may be `application/octet-stream`. The decoded image (pixels × channels ×
     *     bytes per channel, twice that when interlaced or progressive) may take at most 240 MB. Every image of 40 megapixels
     *     with 8 bits per channel and without transparency fits.
     *
     *     The image is rotated according to its EXIF data, cropped to a square around the face, and scaled down to at most 1024
     *     pixels. All metadata, such as the location, is removed. Only the first frame of an animation is used.
     */
    AvatarImage: Blob;
    /**
     * AvatarCreate
     * @description The avatar to create. The `custom_avatar_slots` of the plan limit how many an organisation can have, in test and live
     *     mode together.
     */
    AvatarCreate: {
      image: components['schemas']['AvatarImage'];
      /**
       * @description The name to show to people. It has at least one visible character and no control characters.
       * @default Custom Avatar
       */
      name?: string;
      /**
       * @description The kind of runtime that performs the avatar. The server must have workers of this kind. The default is the
       *     runtime that animates a portrait.
       */
      runtime_type?: components['schemas']['RuntimeType'];
    };
    /**
     * Format: binary
     * @description A WebP image, square, at most 1024 pixels wide, without metadata.
     */
    Portrait: Blob;
    /**
     * @description The identifier of a plan, such as `free` or `scale`.
     * @example scale
     */
    PlanId: string;
    /** @description How many sessions can be live at once. */
    ConcurrentSessionsLimit: {
      /**
       * Format: int32
       * @description The limit of your plan.
       */
      limit: number;
      /**
       * Format: int32
       * @description Your sessions that are not over yet.
       */
      active: number;
      /**
       * Format: int32
       * @description How many more sessions you can create now.
       */
      available: number;
    };
    /**
     * @description Your credits. A new session reserves its maximum cost. When it is over, its actual cost is debited and the rest is
     *     released.
     */
    CreditsLimit: {
      /**
       * Format: double
       * @description All your credits.
       */
      balance: number;
      /**
       * Format: double
       * @description Credits reserved for sessions that are not over yet.
       */
      reserved: number;
      /**
       * Format: double
       * @description Credits that new sessions can use: the balance minus the reserved credits.
       */
      available: number;
    };
    /** @description One rate limit and how much of it is left. */
    RateLimitState: {
      /** @description The name that the `RateLimit` header uses, such as `requests`, `creates` or `tests`. */
      name: string;
      /**
       * Format: int32
       * @description Requests allowed in a window.
       */
      limit: number;
      /**
       * Format: int32
       * @description The length of the window in seconds.
       */
      window_seconds: number;
      /**
       * Format: int32
       * @description Requests left in the current window.
       */
      remaining: number;
    };
    /**
     * Limits
     * @description The limits of your organisation, and how much of each is used.
     */
    Limits: {
      plan: components['schemas']['PlanId'];
      concurrent_sessions: components['schemas']['ConcurrentSessionsLimit'];
      /**
       * Format: int32
       * @description The maximum duration of a session on your plan, in seconds.
       */
      max_session_seconds: number;
      credits: components['schemas']['CreditsLimit'];
      /** @description The rate limits of the calling key. */
      rate_limits: components['schemas']['RateLimitState'][];
    };
    /**
     * Plan
     * @description A plan, its price and its limits.
     */
    Plan: {
      key: components['schemas']['PlanId'];
      /** @description The name to show to people. */
      name: string;
      /**
       * Format: int32
       * @description The price per month, in cents.
       */
      monthly_price_cents: number;
      /**
       * Format: int32
       * @description Credits that each month includes.
       */
      included_credits: number;
      /**
       * Format: int32
       * @description The price of an additional credit, in millionths of a dollar. Null if none can be bought.
       */
      extra_credit_unit_micros: number | null;
      /**
       * Format: int32
       * @description How many sessions can be live at once.
       */
      max_concurrency: number;
      /**
       * Format: int32
       * @description How many custom avatars an organisation can have, in test and live mode together.
       */
      custom_avatar_slots: number;
      /**
       * Format: int32
       * @description The price of an additional avatar, in cents per month. Null if none can be bought.
       */
      extra_avatar_slot_cents: number | null;
      /**
       * Format: int32
       * @description The maximum duration of a session, in seconds.
       */
      session_time_limit_seconds: number;
    };
    /** @description Every plan, smallest first. A bare array without pages, because there are few plans. */
    PlanList: components['schemas']['Plan'][];
    /**
     * @description - `operational`: works normally.
     *     - `degraded`: works, but more slowly or with less capacity than usual.
     *     - `outage`: not working.
     * @enum {string}
     */
    ServiceStatus: 'operational' | 'degraded' | 'outage';
    /** @description The state of one component of Greenroom. */
    ComponentStatus: {
      /**
       * @description The component: `database` stores the sessions, `dispatch` assigns them to workers, `workers` perform them.
       *     More may be added.
       */
      name: string;
      status: components['schemas']['ServiceStatus'];
    };
    /**
     * SystemStatus
     * @description The state of the service, from a check of each component.
     */
    SystemStatus: {
      /** @description The state of the service, which is that of its worst component. */
      status: components['schemas']['ServiceStatus'];
      /** @description The components. */
      components: components['schemas']['ComponentStatus'][];
      /** @description When the components were last checked. */
      updated_at: components['schemas']['Timestamp'];
    };
    /**
     * @description The id of an API key, `key_` and a ULID. It is not secret and is safe to log.
     * @example key_01KJM34RC0QKY76Q93KS129KQX
     */
    ApiKeyId: string;
    /**
     * @description Whether a key is for live or for test objects. A key sees only objects of its mode.
     * @enum {string}
     */
    KeyMode: 'live' | 'test';
    /**
     * @description One permission of an API key.
     *
     *     - `sessions:read`: list and read sessions and events.
     *     - `sessions:write`: create and end sessions.
     *     - `usage:read`: read usage summaries and usage events.
     *     - `avatars:write`: create and delete avatars. Reading avatars needs no scope.
     *     - `keys:admin`: list, create and delete API keys.
     *     - `webhooks:read`: list and read webhook endpoints and deliveries.
     *     - `webhooks:write`: manage and test webhook endpoints, and redeliver webhooks.
     * @enum {string}
     */
    Scope:
      | 'sessions:read'
      | 'sessions:write'
      | 'usage:read'
      | 'avatars:write'
      | 'keys:admin'
      | 'webhooks:read'
      | 'webhooks:write';
    /**
     * ApiKey
     * @description An API key, without its secret.
     */
    ApiKey: {
      id: components['schemas']['ApiKeyId'];
      /**
       * @description Always `api_key`.
       * @constant
       */
      object: 'api_key';
      /** @description The name that you gave it. */
      name: string;
      mode: components['schemas']['KeyMode'];
      /** @description The permissions of the key. */
      scopes: components['schemas']['Scope'][];
      /** @description The beginning and end of the secret, enough to tell keys apart. */
      hint: string;
      /** @description When the key was created. */
      created_at: components['schemas']['Timestamp'];
      /** @description When the key was last used, accurate to a minute, or null if never. */
      last_used_at: components['schemas']['TimestampOrNull'];
      /** @description When the key stops working, or null if it never does. */
      expires_at: components['schemas']['TimestampOrNull'];
    };
    /** @description One page of API keys, newest first. */
    ApiKeyList: {
      /**
       * @description Always `list`.
       * @constant
       */
      object: 'list';
      /** @description The API keys of this page. */
      data: components['schemas']['ApiKey'][];
      /** @description Whether there is another page. */
      has_more: boolean;
      /** @description The `starting_after` for the next page, or null on the last page. */
      next_cursor: string | null;
    };
    /**
     * ApiKeyCreate
     * @description The API key to create. It gets the mode of the calling key. An organisation can have 100 valid keys, in test and live
     *     mode together.
     */
    ApiKeyCreate: {
      /** @description A name that shows where the key is used. */
      name: string;
      /** @description The permissions of the key. Grant only what it needs. */
      scopes: components['schemas']['Scope'][];
      /**
       * Format: date-time
       * @description When the key stops working, RFC 3339 and in the future. Null means never.
       * @default null
       */
      expires_at?: string | null;
    };
    /**
     * ApiKeyCreated
     * @description A new API key, with its secret.
     */
    ApiKeyCreated: {
      id: components['schemas']['ApiKeyId'];
      /**
       * @description Always `api_key`.
       * @constant
       */
      object: 'api_key';
      /** @description The name that you gave it. */
      name: string;
      mode: components['schemas']['KeyMode'];
      /** @description The permissions of the key. */
      scopes: components['schemas']['Scope'][];
      /** @description The beginning and end of the secret, enough to tell keys apart. */
      hint: string;
      /**
       * @description The key itself, which you send as `Authorization: Bearer …`. Store it now: no other operation returns it.
       *     Repeating the create with its `Idempotency-Key` within 24 hours returns it again.
       */
      secret: string;
      /** @description When the key was created. */
      created_at: components['schemas']['Timestamp'];
      /** @description Always null, because a new key has not been used. */
      last_used_at: components['schemas']['TimestampOrNull'];
      /** @description When the key stops working, or null if it never does. */
      expires_at: components['schemas']['TimestampOrNull'];
    };
    /**
     * WorkerCreate
     * @description The registration of a worker.
     */
    WorkerCreate: {
      /** @description A name for logs and dashboards, such as the host name. */
      name: string;
      runtime_type: components['schemas']['RuntimeType'];
      /** @description The qualities it can perform. It gets no session of any other quality. */
      qualities: components['schemas']['Quality'][];
      /**
       * Format: int32
       * @description How many sessions it can perform at once.
       */
      slots: number;
      /**
       * @description The base address at which it serves media over WebSockets. Clients of a session connect to
       *     `<media_url>/v1/media/<session_id>`. A trailing slash is ignored. Without an address, the worker gets only
       *     sessions in rooms.
       * @example wss://media.example.com
       */
      media_url?: string | null;
      /** @description The version of its software. */
      version: string;
    };
    /**
     * @description The id of a registered worker, `wkr_` and a ULID.
     * @example wkr_01KKGA2SR0ZV1RH0M05W6V8297
     */
    WorkerId: string;
    /**
     * Worker
     * @description A registered worker.
     */
    Worker: {
      id: components['schemas']['WorkerId'];
      /**
       * @description Always `worker`.
       * @constant
       */
      object: 'worker';
      /** @description The name that it registered with. */
      name: string;
      runtime_type: components['schemas']['RuntimeType'];
      /** @description The qualities it can perform. */
      qualities: components['schemas']['Quality'][];
      /**
       * Format: int32
       * @description How many sessions it performs at once.
       */
      slots: number;
      /** @description The base address at which it serves media, without a trailing slash; null if it serves none. */
      media_url: string | null;
      /** @description The version of its software. */
      version: string;
      /**
       * Format: int32
       * @description Report at least this often.
       */
      report_interval_seconds: number;
      /**
       * Format: int32
       * @description An assignment is lost after this many seconds without a report.
       */
      lease_seconds: number;
      /** @description When it registered. */
      created_at: components['schemas']['Timestamp'];
    };
    /**
     * ClaimRequest
     * @description How long the worker waits for a session.
     */
    ClaimRequest: {
      /**
       * Format: int32
       * @description How many seconds to wait for a session before the response is 204. With 0, the server does not wait.
       * @default 20
       */
      wait_seconds?: number;
    };
    /**
     * PortraitPoint
     * @description A point of a portrait.
     */
    PortraitPoint: {
      /**
       * Format: double
       * @description From 0 at the left edge to 1 at the right edge.
       */
      x: number;
      /**
       * Format: double
       * @description From 0 at the top edge to 1 at the bottom edge.
       */
      y: number;
    };
    /**
     * PortraitLandmarks
     * @description The positions of the mouth and jaw in a portrait, so that a runtime can move them.
     */
    PortraitLandmarks: {
      /** @description The inner edge of the upper lip, from the left corner of the mouth in the portrait to the right corner. */
      upper_lip: components['schemas']['PortraitPoint'][];
      /** @description The inner edge of the lower lip, between the same corners. */
      lower_lip: components['schemas']['PortraitPoint'][];
      /** @description The edge of the jaw, from below the left ear in the portrait to below the right ear. The chin is in the middle. */
      jaw: components['schemas']['PortraitPoint'][];
    };
    /**
     * Format: int64
     * @description A number that increases each time the session is assigned to a worker. Only reports with the latest number are
     *     accepted, so a worker that lost its lease cannot change a session that another worker performs.
     * @example 1
     */
    Fence: number;
    /**
     * Assignment
     * @description A session assigned to a worker, with everything that the worker needs to perform it.
     */
    Assignment: {
      /**
       * @description Always `assignment`.
       * @constant
       */
      object: 'assignment';
      session: components['schemas']['Session'];
      /**
       * @description The landmarks of the avatar's portrait. Null for a stock avatar, and for a portrait that an earlier version of
       *     the server rendered.
       */
      portrait_landmarks: components['schemas']['PortraitLandmarks'] | null;
      /**
       * @description The customer's LiveKit token in clear text; null for a session over a WebSocket. No other response has it.
       *     Keep it in memory and never log it.
       */
      worker_token: string | null;
      /**
       * @description The token of the session's client in clear text; null for a session in a room. Accept only the connection that
       *     presents it. Keep it in memory and never log it.
       */
      media_token: string | null;
      fence: components['schemas']['Fence'];
      /**
       * Format: int32
       * @description The assignment is lost after this many seconds without a report.
       */
      lease_seconds: number;
      /**
       * Format: int32
       * @description Report at least this often.
       */
      report_interval_seconds: number;
      /**
       * @description The time of this response by the server's clock. Report times by that clock: add its difference from the worker's
       *     clock.
       */
      assigned_at: components['schemas']['Timestamp'];
      /**
       * @description The id of the request that created the session, for the worker's logs; null if a server of an older version
       *     created it.
       */
      created_by_request: string | null;
      /**
       * @description The span of that request, in the format of the W3C Trace Context header. The worker's spans continue it. Null if
       *     the server records no traces.
       */
      traceparent: string | null;
    };
    /**
     * @description The state of the assignment at the worker.
     *
     *     - `starting`: joining the room, or ready to accept the connection of the client, which now gets the address.
     *     - `running`: has published its first video frame.
     *     - `ending`: finishing the current speech and leaving.
     *     - `ended`: has left the room or closed the connection. Final.
     *     - `failed`: has given up; `failure` is required. Final.
     * @enum {string}
     */
    WorkerReportState: 'starting' | 'running' | 'ending' | 'ended' | 'failed';
    /**
     * AssignmentReport
     * @description The progress of a performance. Counters are totals that never decrease, so a repeated report has no effect.
     */
    AssignmentReport: {
      fence: components['schemas']['Fence'];
      state: components['schemas']['WorkerReportState'];
      /**
       * Format: int64
       * @description Total number of video frames published.
       */
      frames: number;
      /**
       * Format: int64
       * @description Total milliseconds of performance by the worker's monotonic clock, from the first video frame on.
       */
      media_ms: number;
      /** @description When the worker began to join the room, or to wait for the client. */
      started_at?: components['schemas']['Timestamp'];
      /** @description When the first video frame was published. */
      first_frame_at?: components['schemas']['Timestamp'];
      /** @description When the worker left the room. */
      ended_at?: components['schemas']['Timestamp'];
      /** @description Why the worker gave up. Required when `state` is `failed`, and not allowed otherwise. */
      failure?: components['schemas']['Failure'];
      /**
       * @description Why the worker ends the performance by itself, for the session's history. Sent with the `state` `ending` or
       *     `ended`.
       *
       *     - `session.idle`: no audio was received for the session's `idle_timeout_seconds`.
       *     - `performance.finished`: there is nothing left to perform.
       *     - `room.deleted`: the room was deleted.
       *     - `room.closed`: the room was closed.
       *     - `worker.removed`: the worker was removed from the room.
       *     - `agent.left`: the participant that the worker publishes for left the room.
       *     - `client.left`: the client closed the connection, or did not come back within 30 s.
       *     - `client.never_connected`: the client did not connect in time, so no frame was published.
       *     - `session.max_duration`: the session is about to reach `max_duration_seconds`.
       * @enum {string}
       */
      reason?:
        | 'session.idle'
        | 'performance.finished'
        | 'room.deleted'
        | 'room.closed'
        | 'worker.removed'
        | 'agent.left'
        | 'client.left'
        | 'client.never_connected'
        | 'session.max_duration';
      /**
       * Format: int32
       * @description How many seconds the server may delay the response while the directive is `continue`. With 0, it responds at once.
       * @default 0
       */
      wait_seconds?: number;
    };
    /**
     * @description The next step of the worker.
     *
     *     - `continue`: continue to perform.
     *     - `drain`: finish the current speech, leave the room and report `ended`.
     *     - `abort`: leave the room at once.
     * @enum {string}
     */
    Directive: 'continue' | 'drain' | 'abort';
    /**
     * AssignmentDirective
     * @description The next step of the worker.
     */
    AssignmentDirective: {
      directive: components['schemas']['Directive'];
      /**
       * Format: int32
       * @description The lease runs for this many seconds from now.
       */
      lease_seconds: number;
    };
    /**
     * WebhookPayload
     * @description The body of a delivery, as Standard Webhooks defines it.
     */
    WebhookPayload: {
      type: components['schemas']['EventType'];
      /** @description When the event happened. The same in each attempt. */
      timestamp: components['schemas']['Timestamp'];
      data: components['schemas']['Event'];
    };
  };
  responses: {
    /** @description The key is missing or not valid. */
    Unauthorized: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        RateLimit: components['headers']['RateLimit'];
        'RateLimit-Policy': components['headers']['RateLimit-Policy'];
        'WWW-Authenticate': components['headers']['WWW-Authenticate'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiErrorEnvelope'];
      };
    };
    /** @description The key does not allow this operation, or its organisation is suspended. */
    Forbidden: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        RateLimit: components['headers']['RateLimit'];
        'RateLimit-Policy': components['headers']['RateLimit-Policy'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiErrorEnvelope'];
      };
    };
    /** @description A parameter does not match this document. */
    InvalidParameter: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        RateLimit: components['headers']['RateLimit'];
        'RateLimit-Policy': components['headers']['RateLimit-Policy'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiErrorEnvelope'];
      };
    };
    /** @description You exceeded a rate limit. */
    TooManyRequests: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        RateLimit: components['headers']['RateLimit'];
        'RateLimit-Policy': components['headers']['RateLimit-Policy'];
        'Retry-After': components['headers']['Retry-After'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiErrorEnvelope'];
      };
    };
    /** @description An error inside the server. It is logged with the `request_id`. */
    InternalError: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        RateLimit: components['headers']['RateLimit'];
        'RateLimit-Policy': components['headers']['RateLimit-Policy'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiErrorEnvelope'];
      };
    };
    /** @description The server cannot serve the request now. */
    ServiceUnavailable: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        RateLimit: components['headers']['RateLimit'];
        'RateLimit-Policy': components['headers']['RateLimit-Policy'];
        'Retry-After': components['headers']['Retry-After'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiErrorEnvelope'];
      };
    };
    /** @description There is no avatar with this id that you can use. */
    AvatarNotFound: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        RateLimit: components['headers']['RateLimit'];
        'RateLimit-Policy': components['headers']['RateLimit-Policy'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiErrorEnvelope'];
      };
    };
    /** @description The body did not arrive in time. The connection is closed. */
    RequestTimeout: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        RateLimit: components['headers']['RateLimit'];
        'RateLimit-Policy': components['headers']['RateLimit-Policy'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiErrorEnvelope'];
      };
    };
    /** @description The body is too large. */
    PayloadTooLarge: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        RateLimit: components['headers']['RateLimit'];
        'RateLimit-Policy': components['headers']['RateLimit-Policy'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiErrorEnvelope'];
      };
    };
    /** @description This operation does not accept the content type of the body. */
    UnsupportedMediaType: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        RateLimit: components['headers']['RateLimit'];
        'RateLimit-Policy': components['headers']['RateLimit-Policy'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiErrorEnvelope'];
      };
    };
    /** @description You have no session with this id. */
    SessionNotFound: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        RateLimit: components['headers']['RateLimit'];
        'RateLimit-Policy': components['headers']['RateLimit-Policy'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiErrorEnvelope'];
      };
    };
    /** @description The cursor is not an item of this list. */
    CursorUnknown: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        RateLimit: components['headers']['RateLimit'];
        'RateLimit-Policy': components['headers']['RateLimit-Policy'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiErrorEnvelope'];
      };
    };
    /** @description The body cannot be parsed as its content type. */
    BodyMalformed: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        RateLimit: components['headers']['RateLimit'];
        'RateLimit-Policy': components['headers']['RateLimit-Policy'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiErrorEnvelope'];
      };
    };
    /** @description The `Idempotency-Key` was used for another request, or its first request is still in progress. */
    IdempotencyConflict: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        RateLimit: components['headers']['RateLimit'];
        'RateLimit-Policy': components['headers']['RateLimit-Policy'];
        'Retry-After': components['headers']['Retry-After'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiErrorEnvelope'];
      };
    };
    /** @description A field of the body does not match this document. */
    InvalidBody: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        RateLimit: components['headers']['RateLimit'];
        'RateLimit-Policy': components['headers']['RateLimit-Policy'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiErrorEnvelope'];
      };
    };
    /** @description You have no webhook endpoint with this id. */
    WebhookEndpointNotFound: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        RateLimit: components['headers']['RateLimit'];
        'RateLimit-Policy': components['headers']['RateLimit-Policy'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiErrorEnvelope'];
      };
    };
    /** @description A field or a parameter does not match this document. */
    InvalidBodyOrParameter: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        RateLimit: components['headers']['RateLimit'];
        'RateLimit-Policy': components['headers']['RateLimit-Policy'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiErrorEnvelope'];
      };
    };
    /** @description You have no webhook delivery with this id. */
    WebhookDeliveryNotFound: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        RateLimit: components['headers']['RateLimit'];
        'RateLimit-Policy': components['headers']['RateLimit-Policy'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiErrorEnvelope'];
      };
    };
    /** @description The key is a worker key, or its organisation is suspended. */
    WrongKindOfKeyOrSuspended: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        RateLimit: components['headers']['RateLimit'];
        'RateLimit-Policy': components['headers']['RateLimit-Policy'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiErrorEnvelope'];
      };
    };
    /** @description The request has a parameter that does not exist. */
    UnknownParameter: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        RateLimit: components['headers']['RateLimit'];
        'RateLimit-Policy': components['headers']['RateLimit-Policy'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiErrorEnvelope'];
      };
    };
    /** @description The operation needs another kind of key. */
    WrongKindOfKey: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        RateLimit: components['headers']['RateLimit'];
        'RateLimit-Policy': components['headers']['RateLimit-Policy'];
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['ApiErrorEnvelope'];
      };
    };
  };
  parameters: {
    /**
     * @description Only sessions with this status. Repeat it for several statuses (`status=queued&status=running`) to list sessions with
     *     any of them. `active` means `created`, `queued`, `starting`, `running` and `ending`; `terminal` means `ended`,
     *     `failed` and `canceled`.
     * @example [
     *       "active"
     *     ]
     */
    StatusFilter: components['schemas']['SessionStatusFilter'][];
    /** @description Only sessions with this avatar. */
    AvatarIdFilter: components['schemas']['AvatarId'];
    /**
     * @description Only objects created at or after this time, RFC 3339. An offset is required: `Z`, or for example `+02:00`, whose `+`
     *     is written `%2B` in a query.
     * @example 2026-03-12T00:00:00Z
     */
    CreatedAfter: string;
    /**
     * @description Only objects created before this time, RFC 3339 with an offset. The time itself is excluded, so the end of one day can
     *     be the beginning of the next.
     * @example 2026-03-13T00:00:00Z
     */
    CreatedBefore: string;
    /** @description The maximum number of items on the page. */
    Limit: number;
    /**
     * @description The id of a session: the page begins after it. Pass the `next_cursor` of the previous page. Anything that is not one
     *     of your sessions gets 400 `cursor.unknown`.
     * @example sess_01KKGHV976N0YM08APXVFM17RZ
     */
    StartingAfterSession: string;
    /**
     * @description A value of 1 to 255 characters that you choose for this request, such as a UUID. Double quotes around it are allowed
     *     and not counted. If you send the same request with the same key within 24 hours, you get the first response again
     *     instead of a second object.
     * @example 5f0c2f1e-6f0b-4c55-9d53-0d6a4f0a7c11
     */
    IdempotencyKey: string;
    /** @description The id of the session. A malformed id gets the same error as an id that does not exist. */
    SessionIdPath: components['schemas']['SessionId'];
    /**
     * @description The id of an event of this list: the page begins after it. Pass the `next_cursor` of the previous page.
     *     Anything else gets 400 `cursor.unknown`.
     * @example evt_01KKGP3AHXVQV4KG6WMY16063Q
     */
    StartingAfterEvent: string;
    /**
     * @description Only events of this type. Repeat it for several types (`type=session.ended&type=session.failed`).
     * @example [
     *       "session.ended"
     *     ]
     */
    EventTypeFilter: components['schemas']['EventType'][];
    /** @description Only the records or events of this session. */
    SessionIdFilter: components['schemas']['SessionId'];
    /**
     * @description Resume after this event. Without it, the stream begins with the next event. `evt_00000000000000000000000000` begins
     *     with the oldest event that is kept. The header `Last-Event-ID`, which readers send when they reconnect, takes
     *     precedence. An event that is not yours gets 400 `cursor.unknown`, and an event older than 30 days gets 400
     *     `cursor.expired`.
     */
    LastEventIdQuery: components['schemas']['EventId'];
    /**
     * @description The same as `last_event_id`. Readers of server-sent events send this header when they reconnect.
     * @example evt_01KKGP3AHXVQV4KG6WMY16063Q
     */
    LastEventIdHeader: string;
    /** @description The id of the event. */
    EventIdPath: components['schemas']['EventId'];
    /**
     * @description The id of a webhook endpoint: the page begins after it. Pass the `next_cursor` of the previous page. Anything that is
     *     not an item of this list gets 400 `cursor.unknown`.
     * @example whe_01KKGP79VG3M5N7P9Q2R4S6T8V
     */
    StartingAfterWebhookEndpoint: string;
    /** @description The id of the endpoint, `whe_…`. */
    WebhookEndpointIdPath: components['schemas']['WebhookEndpointId'];
    /**
     * @description The id of a webhook delivery: the page begins after it. Pass the `next_cursor` of the previous page. Anything that is
     *     not an item of this list gets 400 `cursor.unknown`.
     * @example whd_01KKGJ5351A0B1C2D3E4F5A6B7
     */
    StartingAfterWebhookDelivery: string;
    /** @description The id of the delivery, `whd_…`. */
    WebhookDeliveryIdPath: components['schemas']['WebhookDeliveryId'];
    /**
     * @description A calendar month in UTC. By default, the current month. It cannot be combined with `period_start` and
     *     `period_end`.
     * @example current_month
     */
    Period: components['schemas']['UsagePeriod'];
    /**
     * @description The first moment of the period, RFC 3339. It requires `period_end`.
     * @example 2026-03-01T00:00:00Z
     */
    PeriodStart: string;
    /**
     * @description The first moment after the period, RFC 3339. It requires `period_start` and must be later.
     * @example 2026-03-08T00:00:00Z
     */
    PeriodEnd: string;
    /**
     * @description The id of a usage event: the page begins after it. Pass the `next_cursor` of the previous page. Anything that is not
     *     one of your usage events gets 400 `cursor.unknown`.
     * @example use_01KKGJ5351GAE2WASPYVVQN7RQ
     */
    StartingAfterUsageEvent: string;
    /**
     * @description Only stock avatars, only your own, or both.
     * @example platform
     */
    AvatarScopeFilter: components['schemas']['AvatarScope'];
    /**
     * @description Only avatars with this text in their name or id. Ignores case.
     * @example ada
     */
    AvatarQuery: string;
    /**
     * @description The id of an avatar: the page begins after it. Pass the `next_cursor` of the previous page. Anything that is not an
     *     avatar you can see gets 400 `cursor.unknown`.
     * @example av_stock_002
     */
    StartingAfterAvatar: string;
    /** @description The id of the avatar. A malformed id gets the same error as an id that does not exist. */
    AvatarIdPath: components['schemas']['AvatarId'];
    /**
     * @description The `ETag` of the picture that you have. If it is the current picture, the response is 304 and has no body.
     * @example "Yyd6iJjWzsPcV9uIKdtM5mDKwfRqj2yZkq0u6cVbM2I"
     */
    IfNoneMatch: string;
    /**
     * @description The id of an API key: the page begins after it. Pass the `next_cursor` of the previous page. Anything that is not one
     *     of your keys gets 400 `cursor.unknown`.
     * @example key_01KJM34RC0QKY76Q93KS129KQX
     */
    StartingAfterApiKey: string;
    /** @description The id of the key, `key_…`, not the key itself. */
    ApiKeyIdPath: components['schemas']['ApiKeyId'];
    /** @description The id that the worker got when it registered. */
    WorkerIdPath: components['schemas']['WorkerId'];
    /** @description The fence of the assignment. */
    FenceQuery: components['schemas']['Fence'];
  };
  requestBodies: never;
  headers: {
    /** @description The id of this request, the same as `request_id` in an error. If you send a well-formed id, the server uses it. */
    'X-Request-Id': components['schemas']['RequestId'];
    /**
     * @description What is left of each rate limit: `r` requests within the next `t` seconds. The names are those of
     *     `RateLimit-Policy`.
     * @example "requests";r=499;t=1
     */
    RateLimit: string;
    /**
     * @description The rate limits that apply to you: `q` requests within `w` seconds each.
     * @example "requests";q=500;w=5
     */
    'RateLimit-Policy': string;
    /**
     * @description The authentication scheme that the server accepts.
     * @example Bearer realm="greenroom"
     */
    'WWW-Authenticate': string;
    /**
     * @description The number of seconds to wait before you send the request again.
     * @example 1
     */
    'Retry-After': number;
    /**
     * @description The path of the created object.
     * @example /v1/sessions/sess_01KKGP79VGV07JNDHYWNY8S475
     */
    Location: string;
    /**
     * @description `true` when this is the stored response to an earlier request with the same `Idempotency-Key`; absent
     *     otherwise.
     */
    'Idempotent-Replayed': 'true';
    /**
     * @description Identifies the content. Send it as `If-None-Match` to get the content only if it has changed.
     * @example "Yyd6iJjWzsPcV9uIKdtM5mDKwfRqj2yZkq0u6cVbM2I"
     */
    ETag: string;
    /**
     * @description How long caches may keep the content. Only your own cache may keep the picture of one of your own avatars (`private`).
     * @example private, max-age=300
     */
    'Cache-Control': string;
  };
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  'sessions.list': {
    parameters: {
      query?: {
        /**
         * @description Only sessions with this status. Repeat it for several statuses (`status=queued&status=running`) to list sessions with
         *     any of them. `active` means `created`, `queued`, `starting`, `running` and `ending`; `terminal` means `ended`,
         *     `failed` and `canceled`.
         * @example [
         *       "active"
         *     ]
         */
        status?: components['parameters']['StatusFilter'];
        /** @description Only sessions with this avatar. */
        avatar_id?: components['parameters']['AvatarIdFilter'];
        /**
         * @description Only objects created at or after this time, RFC 3339. An offset is required: `Z`, or for example `+02:00`, whose `+`
         *     is written `%2B` in a query.
         * @example 2026-03-12T00:00:00Z
         */
        created_after?: components['parameters']['CreatedAfter'];
        /**
         * @description Only objects created before this time, RFC 3339 with an offset. The time itself is excluded, so the end of one day can
         *     be the beginning of the next.
         * @example 2026-03-13T00:00:00Z
         */
        created_before?: components['parameters']['CreatedBefore'];
        /** @description The maximum number of items on the page. */
        limit?: components['parameters']['Limit'];
        /**
         * @description The id of a session: the page begins after it. Pass the `next_cursor` of the previous page. Anything that is not one
         *     of your sessions gets 400 `cursor.unknown`.
         * @example sess_01KKGHV976N0YM08APXVFM17RZ
         */
        starting_after?: components['parameters']['StartingAfterSession'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page of sessions. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SessionList'];
        };
      };
      /** @description A filter or the cursor is not valid for this list. */
      400: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      422: components['responses']['InvalidParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'sessions.create': {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description A value of 1 to 255 characters that you choose for this request, such as a UUID. Double quotes around it are allowed
         *     and not counted. If you send the same request with the same key within 24 hours, you get the first response again
         *     instead of a second object.
         * @example 5f0c2f1e-6f0b-4c55-9d53-0d6a4f0a7c11
         */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    /** @description The session to create. */
    requestBody: {
      content: {
        'application/json': components['schemas']['SessionCreate'];
      };
    };
    responses: {
      /** @description The session, waiting for a worker, or the existing session. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          Location: components['headers']['Location'];
          'Idempotent-Replayed': components['headers']['Idempotent-Replayed'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      /** @description The body is not JSON, or requests a transport that this server does not offer. */
      400: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      401: components['responses']['Unauthorized'];
      /** @description Your credits do not cover the session. */
      402: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      403: components['responses']['Forbidden'];
      404: components['responses']['AvatarNotFound'];
      408: components['responses']['RequestTimeout'];
      /** @description The request conflicts with another request, a live session or the avatar's status. */
      409: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          'Retry-After': components['headers']['Retry-After'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      413: components['responses']['PayloadTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      /** @description A field or a parameter does not match this document, or the worker's token is not usable. */
      422: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      /** @description You exceeded a rate limit, or have as many live sessions as your plan allows. */
      429: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          'Retry-After': components['headers']['Retry-After'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'sessions.get': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the session. A malformed id gets the same error as an id that does not exist. */
        session_id: components['parameters']['SessionIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The session. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      404: components['responses']['SessionNotFound'];
      422: components['responses']['InvalidParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'sessions.end': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the session. A malformed id gets the same error as an id that does not exist. */
        session_id: components['parameters']['SessionIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The session, as it is after the call. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      404: components['responses']['SessionNotFound'];
      422: components['responses']['InvalidParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'sessions.events': {
    parameters: {
      query?: {
        /** @description The maximum number of items on the page. */
        limit?: components['parameters']['Limit'];
        /**
         * @description The id of an event of this list: the page begins after it. Pass the `next_cursor` of the previous page.
         *     Anything else gets 400 `cursor.unknown`.
         * @example evt_01KKGP3AHXVQV4KG6WMY16063Q
         */
        starting_after?: components['parameters']['StartingAfterEvent'];
      };
      header?: never;
      path: {
        /** @description The id of the session. A malformed id gets the same error as an id that does not exist. */
        session_id: components['parameters']['SessionIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page of the history. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SessionEventList'];
        };
      };
      400: components['responses']['CursorUnknown'];
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      404: components['responses']['SessionNotFound'];
      422: components['responses']['InvalidParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'pipecatSessions.create': {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description A value of 1 to 255 characters that you choose for this request, such as a UUID. Double quotes around it are allowed
         *     and not counted. If you send the same request with the same key within 24 hours, you get the first response again
         *     instead of a second object.
         * @example 5f0c2f1e-6f0b-4c55-9d53-0d6a4f0a7c11
         */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    /** @description The session to create. */
    requestBody: {
      content: {
        'application/json': components['schemas']['PipecatSessionCreate'];
      };
    };
    responses: {
      /** @description The session, started by a worker, and how to connect to it. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          Location: components['headers']['Location'];
          'Idempotent-Replayed': components['headers']['Idempotent-Replayed'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PipecatSession'];
        };
      };
      400: components['responses']['BodyMalformed'];
      401: components['responses']['Unauthorized'];
      /** @description Your credits do not cover the session. */
      402: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      403: components['responses']['Forbidden'];
      404: components['responses']['AvatarNotFound'];
      408: components['responses']['RequestTimeout'];
      /** @description The request conflicts with another request, or the avatar is not ready. */
      409: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          'Retry-After': components['headers']['Retry-After'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      413: components['responses']['PayloadTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      /** @description A field or a parameter does not match this document. */
      422: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      /** @description You exceeded a rate limit, or have as many live sessions as your plan allows. */
      429: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          'Retry-After': components['headers']['Retry-After'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'events.list': {
    parameters: {
      query?: {
        /**
         * @description Only events of this type. Repeat it for several types (`type=session.ended&type=session.failed`).
         * @example [
         *       "session.ended"
         *     ]
         */
        type?: components['parameters']['EventTypeFilter'];
        /** @description Only the records or events of this session. */
        session_id?: components['parameters']['SessionIdFilter'];
        /**
         * @description Only objects created at or after this time, RFC 3339. An offset is required: `Z`, or for example `+02:00`, whose `+`
         *     is written `%2B` in a query.
         * @example 2026-03-12T00:00:00Z
         */
        created_after?: components['parameters']['CreatedAfter'];
        /**
         * @description Only objects created before this time, RFC 3339 with an offset. The time itself is excluded, so the end of one day can
         *     be the beginning of the next.
         * @example 2026-03-13T00:00:00Z
         */
        created_before?: components['parameters']['CreatedBefore'];
        /** @description The maximum number of items on the page. */
        limit?: components['parameters']['Limit'];
        /**
         * @description The id of an event of this list: the page begins after it. Pass the `next_cursor` of the previous page.
         *     Anything else gets 400 `cursor.unknown`.
         * @example evt_01KKGP3AHXVQV4KG6WMY16063Q
         */
        starting_after?: components['parameters']['StartingAfterEvent'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page of events. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EventList'];
        };
      };
      400: components['responses']['CursorUnknown'];
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      422: components['responses']['InvalidParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'events.stream': {
    parameters: {
      query?: {
        /**
         * @description Only events of this type. Repeat it for several types (`type=session.ended&type=session.failed`).
         * @example [
         *       "session.ended"
         *     ]
         */
        type?: components['parameters']['EventTypeFilter'];
        /** @description Only the records or events of this session. */
        session_id?: components['parameters']['SessionIdFilter'];
        /**
         * @description Resume after this event. Without it, the stream begins with the next event. `evt_00000000000000000000000000` begins
         *     with the oldest event that is kept. The header `Last-Event-ID`, which readers send when they reconnect, takes
         *     precedence. An event that is not yours gets 400 `cursor.unknown`, and an event older than 30 days gets 400
         *     `cursor.expired`.
         */
        last_event_id?: components['parameters']['LastEventIdQuery'];
      };
      header?: {
        /**
         * @description The same as `last_event_id`. Readers of server-sent events send this header when they reconnect.
         * @example evt_01KKGP3AHXVQV4KG6WMY16063Q
         */
        'Last-Event-ID'?: components['parameters']['LastEventIdHeader'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The stream, which does not end by itself. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': components['schemas']['EventStream'];
        };
      };
      /** @description The event to resume after is not yours, or is no longer kept. */
      400: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      422: components['responses']['InvalidParameter'];
      /** @description You exceeded a rate limit, or the key has too many streams. */
      429: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          'Retry-After': components['headers']['Retry-After'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'events.get': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the event. */
        event_id: components['parameters']['EventIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The event. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Event'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      /** @description You have no event with this id, or it is older than 30 days. */
      404: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      422: components['responses']['InvalidParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'webhookEndpoints.list': {
    parameters: {
      query?: {
        /** @description The maximum number of items on the page. */
        limit?: components['parameters']['Limit'];
        /**
         * @description The id of a webhook endpoint: the page begins after it. Pass the `next_cursor` of the previous page. Anything that is
         *     not an item of this list gets 400 `cursor.unknown`.
         * @example whe_01KKGP79VG3M5N7P9Q2R4S6T8V
         */
        starting_after?: components['parameters']['StartingAfterWebhookEndpoint'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page of endpoints. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookEndpointList'];
        };
      };
      400: components['responses']['CursorUnknown'];
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      422: components['responses']['InvalidParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'webhookEndpoints.create': {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description A value of 1 to 255 characters that you choose for this request, such as a UUID. Double quotes around it are allowed
         *     and not counted. If you send the same request with the same key within 24 hours, you get the first response again
         *     instead of a second object.
         * @example 5f0c2f1e-6f0b-4c55-9d53-0d6a4f0a7c11
         */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    /** @description The endpoint to create. */
    requestBody: {
      content: {
        'application/json': components['schemas']['WebhookEndpointCreate'];
      };
    };
    responses: {
      /** @description The endpoint, with its secret. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          Location: components['headers']['Location'];
          'Idempotent-Replayed': components['headers']['Idempotent-Replayed'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookEndpointWithSecret'];
        };
      };
      /** @description The body is not JSON, or this server does not send to the URL. */
      400: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      401: components['responses']['Unauthorized'];
      /** @description The key does not allow this operation, or its organisation is suspended or has the maximum number of endpoints. */
      403: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      408: components['responses']['RequestTimeout'];
      409: components['responses']['IdempotencyConflict'];
      413: components['responses']['PayloadTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      422: components['responses']['InvalidBody'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'webhookEndpoints.get': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the endpoint, `whe_…`. */
        webhook_endpoint_id: components['parameters']['WebhookEndpointIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The endpoint. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookEndpoint'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      404: components['responses']['WebhookEndpointNotFound'];
      422: components['responses']['InvalidParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'webhookEndpoints.delete': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the endpoint, `whe_…`. */
        webhook_endpoint_id: components['parameters']['WebhookEndpointIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The endpoint was deleted. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      404: components['responses']['WebhookEndpointNotFound'];
      422: components['responses']['InvalidParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'webhookEndpoints.update': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the endpoint, `whe_…`. */
        webhook_endpoint_id: components['parameters']['WebhookEndpointIdPath'];
      };
      cookie?: never;
    };
    /** @description The fields to change. */
    requestBody: {
      content: {
        'application/json': components['schemas']['WebhookEndpointUpdate'];
      };
    };
    responses: {
      /** @description The endpoint after the change. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookEndpoint'];
        };
      };
      /** @description The body is not JSON, or this server does not send to the URL. */
      400: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      404: components['responses']['WebhookEndpointNotFound'];
      408: components['responses']['RequestTimeout'];
      413: components['responses']['PayloadTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      422: components['responses']['InvalidBodyOrParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'webhookEndpoints.rotateSecret': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the endpoint, `whe_…`. */
        webhook_endpoint_id: components['parameters']['WebhookEndpointIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The endpoint, with its new secret. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookEndpointWithSecret'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      404: components['responses']['WebhookEndpointNotFound'];
      422: components['responses']['InvalidParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'webhookEndpoints.test': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the endpoint, `whe_…`. */
        webhook_endpoint_id: components['parameters']['WebhookEndpointIdPath'];
      };
      cookie?: never;
    };
    /** @description The test to send. */
    requestBody: {
      content: {
        'application/json': components['schemas']['WebhookTest'];
      };
    };
    responses: {
      /** @description The delivery, not yet attempted. */
      202: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDelivery'];
        };
      };
      400: components['responses']['BodyMalformed'];
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      404: components['responses']['WebhookEndpointNotFound'];
      408: components['responses']['RequestTimeout'];
      /** @description The endpoint is disabled. */
      409: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      413: components['responses']['PayloadTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      422: components['responses']['InvalidBodyOrParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'webhookDeliveries.list': {
    parameters: {
      query?: {
        /** @description The maximum number of items on the page. */
        limit?: components['parameters']['Limit'];
        /**
         * @description The id of a webhook delivery: the page begins after it. Pass the `next_cursor` of the previous page. Anything that is
         *     not an item of this list gets 400 `cursor.unknown`.
         * @example whd_01KKGJ5351A0B1C2D3E4F5A6B7
         */
        starting_after?: components['parameters']['StartingAfterWebhookDelivery'];
      };
      header?: never;
      path: {
        /** @description The id of the endpoint, `whe_…`. */
        webhook_endpoint_id: components['parameters']['WebhookEndpointIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page of deliveries. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDeliveryList'];
        };
      };
      400: components['responses']['CursorUnknown'];
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      404: components['responses']['WebhookEndpointNotFound'];
      422: components['responses']['InvalidParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'webhookDeliveries.get': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the delivery, `whd_…`. */
        webhook_delivery_id: components['parameters']['WebhookDeliveryIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The delivery. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDelivery'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      404: components['responses']['WebhookDeliveryNotFound'];
      422: components['responses']['InvalidParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'webhookDeliveries.redeliver': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the delivery, `whd_…`. */
        webhook_delivery_id: components['parameters']['WebhookDeliveryIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The delivery, with an attempt due. */
      202: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDelivery'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      404: components['responses']['WebhookDeliveryNotFound'];
      /** @description The endpoint is disabled. */
      409: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      422: components['responses']['InvalidParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'usage.summary': {
    parameters: {
      query?: {
        /**
         * @description A calendar month in UTC. By default, the current month. It cannot be combined with `period_start` and
         *     `period_end`.
         * @example current_month
         */
        period?: components['parameters']['Period'];
        /**
         * @description The first moment of the period, RFC 3339. It requires `period_end`.
         * @example 2026-03-01T00:00:00Z
         */
        period_start?: components['parameters']['PeriodStart'];
        /**
         * @description The first moment after the period, RFC 3339. It requires `period_start` and must be later.
         * @example 2026-03-08T00:00:00Z
         */
        period_end?: components['parameters']['PeriodEnd'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The totals of the period. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UsageSummary'];
        };
      };
      /** @description The parameters do not define one period. */
      400: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      /** @description A parameter does not match this document, or usage events in the period are deleted. */
      422: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'usage.events': {
    parameters: {
      query?: {
        /** @description Only the records or events of this session. */
        session_id?: components['parameters']['SessionIdFilter'];
        /**
         * @description Only objects created at or after this time, RFC 3339. An offset is required: `Z`, or for example `+02:00`, whose `+`
         *     is written `%2B` in a query.
         * @example 2026-03-12T00:00:00Z
         */
        created_after?: components['parameters']['CreatedAfter'];
        /**
         * @description Only objects created before this time, RFC 3339 with an offset. The time itself is excluded, so the end of one day can
         *     be the beginning of the next.
         * @example 2026-03-13T00:00:00Z
         */
        created_before?: components['parameters']['CreatedBefore'];
        /** @description The maximum number of items on the page. */
        limit?: components['parameters']['Limit'];
        /**
         * @description The id of a usage event: the page begins after it. Pass the `next_cursor` of the previous page. Anything that is not
         *     one of your usage events gets 400 `cursor.unknown`.
         * @example use_01KKGJ5351GAE2WASPYVVQN7RQ
         */
        starting_after?: components['parameters']['StartingAfterUsageEvent'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page of usage events. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UsageEventList'];
        };
      };
      400: components['responses']['CursorUnknown'];
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      422: components['responses']['InvalidParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'avatars.list': {
    parameters: {
      query?: {
        /**
         * @description Only stock avatars, only your own, or both.
         * @example platform
         */
        scope?: components['parameters']['AvatarScopeFilter'];
        /**
         * @description Only avatars with this text in their name or id. Ignores case.
         * @example ada
         */
        q?: components['parameters']['AvatarQuery'];
        /** @description The maximum number of items on the page. */
        limit?: components['parameters']['Limit'];
        /**
         * @description The id of an avatar: the page begins after it. Pass the `next_cursor` of the previous page. Anything that is not an
         *     avatar you can see gets 400 `cursor.unknown`.
         * @example av_stock_002
         */
        starting_after?: components['parameters']['StartingAfterAvatar'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page of avatars. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AvatarList'];
        };
      };
      400: components['responses']['CursorUnknown'];
      401: components['responses']['Unauthorized'];
      403: components['responses']['WrongKindOfKeyOrSuspended'];
      422: components['responses']['InvalidParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'avatars.create': {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description A value of 1 to 255 characters that you choose for this request, such as a UUID. Double quotes around it are allowed
         *     and not counted. If you send the same request with the same key within 24 hours, you get the first response again
         *     instead of a second object.
         * @example 5f0c2f1e-6f0b-4c55-9d53-0d6a4f0a7c11
         */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    /** @description The avatar to create, as a form with a file. */
    requestBody: {
      content: {
        'multipart/form-data': components['schemas']['AvatarCreate'];
      };
    };
    responses: {
      /** @description The avatar, which is being processed, or the avatar created earlier with this `Idempotency-Key`. */
      202: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          Location: components['headers']['Location'];
          'Idempotent-Replayed': components['headers']['Idempotent-Replayed'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Avatar'];
        };
      };
      400: components['responses']['BodyMalformed'];
      401: components['responses']['Unauthorized'];
      /** @description The key does not allow this, your organisation is suspended, or you have as many avatars as your plan allows. */
      403: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      408: components['responses']['RequestTimeout'];
      409: components['responses']['IdempotencyConflict'];
      413: components['responses']['PayloadTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      /** @description A field or a parameter does not match this document, or the image cannot be used. */
      422: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'avatars.get': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the avatar. A malformed id gets the same error as an id that does not exist. */
        avatar_id: components['parameters']['AvatarIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The avatar. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Avatar'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['WrongKindOfKeyOrSuspended'];
      404: components['responses']['AvatarNotFound'];
      422: components['responses']['InvalidParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'avatars.delete': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the avatar. A malformed id gets the same error as an id that does not exist. */
        avatar_id: components['parameters']['AvatarIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The avatar was deleted. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The avatar is a stock avatar. */
      400: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      404: components['responses']['AvatarNotFound'];
      422: components['responses']['InvalidParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'avatars.preview': {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description The `ETag` of the picture that you have. If it is the current picture, the response is 304 and has no body.
         * @example "Yyd6iJjWzsPcV9uIKdtM5mDKwfRqj2yZkq0u6cVbM2I"
         */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
      };
      path: {
        /** @description The id of the avatar. A malformed id gets the same error as an id that does not exist. */
        avatar_id: components['parameters']['AvatarIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The picture. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          ETag: components['headers']['ETag'];
          'Cache-Control': components['headers']['Cache-Control'];
          [name: string]: unknown;
        };
        content: {
          'image/webp': components['schemas']['Portrait'];
        };
      };
      /** @description The picture has not changed since the `ETag` in `If-None-Match`. */
      304: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          ETag: components['headers']['ETag'];
          'Cache-Control': components['headers']['Cache-Control'];
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['WrongKindOfKeyOrSuspended'];
      404: components['responses']['AvatarNotFound'];
      /** @description The avatar has no picture, because it is still being processed or has failed. */
      409: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      422: components['responses']['InvalidParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'limits.get': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The limits and how much of each is used. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Limits'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['WrongKindOfKeyOrSuspended'];
      422: components['responses']['UnknownParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'plans.list': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The plans. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PlanList'];
        };
      };
      422: components['responses']['UnknownParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'status.get': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The state of the service and of each component. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SystemStatus'];
        };
      };
      422: components['responses']['UnknownParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      /** @description The server cannot serve the request now. */
      503: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          'Retry-After': components['headers']['Retry-After'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
    };
  };
  'apiKeys.list': {
    parameters: {
      query?: {
        /** @description The maximum number of items on the page. */
        limit?: components['parameters']['Limit'];
        /**
         * @description The id of an API key: the page begins after it. Pass the `next_cursor` of the previous page. Anything that is not one
         *     of your keys gets 400 `cursor.unknown`.
         * @example key_01KJM34RC0QKY76Q93KS129KQX
         */
        starting_after?: components['parameters']['StartingAfterApiKey'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page of keys. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiKeyList'];
        };
      };
      400: components['responses']['CursorUnknown'];
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      422: components['responses']['InvalidParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'apiKeys.create': {
    parameters: {
      query?: never;
      header?: {
        /**
         * @description A value of 1 to 255 characters that you choose for this request, such as a UUID. Double quotes around it are allowed
         *     and not counted. If you send the same request with the same key within 24 hours, you get the first response again
         *     instead of a second object.
         * @example 5f0c2f1e-6f0b-4c55-9d53-0d6a4f0a7c11
         */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    /** @description The key to create. */
    requestBody: {
      content: {
        'application/json': components['schemas']['ApiKeyCreate'];
      };
    };
    responses: {
      /** @description The key, with its secret. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          Location: components['headers']['Location'];
          'Idempotent-Replayed': components['headers']['Idempotent-Replayed'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiKeyCreated'];
        };
      };
      400: components['responses']['BodyMalformed'];
      401: components['responses']['Unauthorized'];
      /** @description The calling key does not allow this, the new key would exceed the calling key, or your organisation is suspended or has the maximum number of keys. */
      403: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      408: components['responses']['RequestTimeout'];
      409: components['responses']['IdempotencyConflict'];
      413: components['responses']['PayloadTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      422: components['responses']['InvalidBody'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'apiKeys.current': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The calling key. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiKey'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['WrongKindOfKeyOrSuspended'];
      422: components['responses']['UnknownParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'apiKeys.delete': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the key, `key_…`, not the key itself. */
        api_key_id: components['parameters']['ApiKeyIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The key was deleted. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      /** @description You have no key with this id. */
      404: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      422: components['responses']['InvalidParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'workers.register': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The worker. */
    requestBody: {
      content: {
        'application/json': components['schemas']['WorkerCreate'];
      };
    };
    responses: {
      /** @description The worker, as registered. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Worker'];
        };
      };
      400: components['responses']['BodyMalformed'];
      401: components['responses']['Unauthorized'];
      403: components['responses']['WrongKindOfKey'];
      408: components['responses']['RequestTimeout'];
      413: components['responses']['PayloadTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      422: components['responses']['InvalidBody'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'workers.claim': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id that the worker got when it registered. */
        worker_id: components['parameters']['WorkerIdPath'];
      };
      cookie?: never;
    };
    /** @description How long to wait. */
    requestBody: {
      content: {
        'application/json': components['schemas']['ClaimRequest'];
      };
    };
    responses: {
      /** @description A session to perform. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Assignment'];
        };
      };
      /** @description No session was queued during the wait. Claim again. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['BodyMalformed'];
      401: components['responses']['Unauthorized'];
      403: components['responses']['WrongKindOfKey'];
      /** @description No worker is registered with this id. Register again. */
      404: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      408: components['responses']['RequestTimeout'];
      413: components['responses']['PayloadTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      422: components['responses']['InvalidBodyOrParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'assignments.report': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The id of the session. A malformed id gets the same error as an id that does not exist. */
        session_id: components['parameters']['SessionIdPath'];
      };
      cookie?: never;
    };
    /** @description The report. */
    requestBody: {
      content: {
        'application/json': components['schemas']['AssignmentReport'];
      };
    };
    responses: {
      /** @description What to do next. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AssignmentDirective'];
        };
      };
      400: components['responses']['BodyMalformed'];
      401: components['responses']['Unauthorized'];
      403: components['responses']['WrongKindOfKey'];
      404: components['responses']['SessionNotFound'];
      408: components['responses']['RequestTimeout'];
      /** @description The assignment is no longer this worker's. */
      409: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      413: components['responses']['PayloadTooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      422: components['responses']['InvalidBodyOrParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'assignments.portrait': {
    parameters: {
      query: {
        /** @description The fence of the assignment. */
        fence: components['parameters']['FenceQuery'];
      };
      header?: never;
      path: {
        /** @description The id of the session. A malformed id gets the same error as an id that does not exist. */
        session_id: components['parameters']['SessionIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The portrait. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'image/webp': components['schemas']['Portrait'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['WrongKindOfKey'];
      /** @description There is no such assignment, or its avatar has no portrait. */
      404: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      /** @description The assignment is no longer this worker's. */
      409: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          RateLimit: components['headers']['RateLimit'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiErrorEnvelope'];
        };
      };
      422: components['responses']['InvalidParameter'];
      429: components['responses']['TooManyRequests'];
      500: components['responses']['InternalError'];
      503: components['responses']['ServiceUnavailable'];
    };
  };
  'webhooks.sessionQueued': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The event. */
    requestBody: {
      content: {
        'application/json': components['schemas']['WebhookPayload'];
      };
    };
    responses: {
      /**
       * @description A 2xx status confirms the event. Any other status, including a redirect, and no response within 15 seconds count
       *     as failures, after which the event is sent again. 410 disables the endpoint at once.
       */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  'webhooks.sessionStarting': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The event. */
    requestBody: {
      content: {
        'application/json': components['schemas']['WebhookPayload'];
      };
    };
    responses: {
      /**
       * @description A 2xx status confirms the event. Any other status, including a redirect, and no response within 15 seconds count
       *     as failures, after which the event is sent again. 410 disables the endpoint at once.
       */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  'webhooks.sessionRunning': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The event. */
    requestBody: {
      content: {
        'application/json': components['schemas']['WebhookPayload'];
      };
    };
    responses: {
      /**
       * @description A 2xx status confirms the event. Any other status, including a redirect, and no response within 15 seconds count
       *     as failures, after which the event is sent again. 410 disables the endpoint at once.
       */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  'webhooks.sessionEnding': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The event. */
    requestBody: {
      content: {
        'application/json': components['schemas']['WebhookPayload'];
      };
    };
    responses: {
      /**
       * @description A 2xx status confirms the event. Any other status, including a redirect, and no response within 15 seconds count
       *     as failures, after which the event is sent again. 410 disables the endpoint at once.
       */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  'webhooks.sessionEnded': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The event. */
    requestBody: {
      content: {
        'application/json': components['schemas']['WebhookPayload'];
      };
    };
    responses: {
      /**
       * @description A 2xx status confirms the event. Any other status, including a redirect, and no response within 15 seconds count
       *     as failures, after which the event is sent again. 410 disables the endpoint at once.
       */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  'webhooks.sessionFailed': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The event. */
    requestBody: {
      content: {
        'application/json': components['schemas']['WebhookPayload'];
      };
    };
    responses: {
      /**
       * @description A 2xx status confirms the event. Any other status, including a redirect, and no response within 15 seconds count
       *     as failures, after which the event is sent again. 410 disables the endpoint at once.
       */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  'webhooks.sessionCanceled': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The event. */
    requestBody: {
      content: {
        'application/json': components['schemas']['WebhookPayload'];
      };
    };
    responses: {
      /**
       * @description A 2xx status confirms the event. Any other status, including a redirect, and no response within 15 seconds count
       *     as failures, after which the event is sent again. 410 disables the endpoint at once.
       */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  'webhooks.avatarReady': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The event. */
    requestBody: {
      content: {
        'application/json': components['schemas']['WebhookPayload'];
      };
    };
    responses: {
      /**
       * @description A 2xx status confirms the event. Any other status, including a redirect, and no response within 15 seconds count
       *     as failures, after which the event is sent again. 410 disables the endpoint at once.
       */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  'webhooks.avatarFailed': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The event. */
    requestBody: {
      content: {
        'application/json': components['schemas']['WebhookPayload'];
      };
    };
    responses: {
      /**
       * @description A 2xx status confirms the event. Any other status, including a redirect, and no response within 15 seconds count
       *     as failures, after which the event is sent again. 410 disables the endpoint at once.
       */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  'webhooks.creditsLow': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The event. */
    requestBody: {
      content: {
        'application/json': components['schemas']['WebhookPayload'];
      };
    };
    responses: {
      /**
       * @description A 2xx status confirms the event. Any other status, including a redirect, and no response within 15 seconds count
       *     as failures, after which the event is sent again. 410 disables the endpoint at once.
       */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  'webhooks.webhookEndpointDisabled': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The event. */
    requestBody: {
      content: {
        'application/json': components['schemas']['WebhookPayload'];
      };
    };
    responses: {
      /**
       * @description A 2xx status confirms the event. Any other status, including a redirect, and no response within 15 seconds count
       *     as failures, after which the event is sent again. 410 disables the endpoint at once.
       */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  'webhooks.ping': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** @description The event. */
    requestBody: {
      content: {
        'application/json': components['schemas']['WebhookPayload'];
      };
    };
    responses: {
      /**
       * @description A 2xx status confirms the event. Any other status, including a redirect, and no response within 15 seconds count
       *     as failures, after which the event is sent again. 410 disables the endpoint at once.
       */
      default: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
}
