// Generated from openapi/ by `pnpm generate`. Do not edit.

export interface paths {
  '/v1/sessions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: operations['sessions.list'];
    put?: never;
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
        session_id: components['parameters']['SessionIdPath'];
      };
      cookie?: never;
    };
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
        session_id: components['parameters']['SessionIdPath'];
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
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
        session_id: components['parameters']['SessionIdPath'];
      };
      cookie?: never;
    };
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
        event_id: components['parameters']['EventIdPath'];
      };
      cookie?: never;
    };
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
    get: operations['webhookEndpoints.list'];
    put?: never;
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
        webhook_endpoint_id: components['parameters']['WebhookEndpointIdPath'];
      };
      cookie?: never;
    };
    get: operations['webhookEndpoints.get'];
    put?: never;
    post?: never;
    delete: operations['webhookEndpoints.delete'];
    options?: never;
    head?: never;
    patch: operations['webhookEndpoints.update'];
    trace?: never;
  };
  '/v1/webhook_endpoints/{webhook_endpoint_id}/rotate_secret': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        webhook_endpoint_id: components['parameters']['WebhookEndpointIdPath'];
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
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
        webhook_endpoint_id: components['parameters']['WebhookEndpointIdPath'];
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
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
        webhook_endpoint_id: components['parameters']['WebhookEndpointIdPath'];
      };
      cookie?: never;
    };
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
        webhook_delivery_id: components['parameters']['WebhookDeliveryIdPath'];
      };
      cookie?: never;
    };
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
        webhook_delivery_id: components['parameters']['WebhookDeliveryIdPath'];
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
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
    get: operations['avatars.list'];
    put?: never;
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
        avatar_id: components['parameters']['AvatarIdPath'];
      };
      cookie?: never;
    };
    get: operations['avatars.get'];
    put?: never;
    post?: never;
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
        avatar_id: components['parameters']['AvatarIdPath'];
      };
      cookie?: never;
    };
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
    get: operations['apiKeys.list'];
    put?: never;
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
        api_key_id: components['parameters']['ApiKeyIdPath'];
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
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
        worker_id: components['parameters']['WorkerIdPath'];
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
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
        session_id: components['parameters']['SessionIdPath'];
      };
      cookie?: never;
    };
    get?: never;
    put?: never;
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
        session_id: components['parameters']['SessionIdPath'];
      };
      cookie?: never;
    };
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
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
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
    AvatarId: string;
    SessionId: string;
    AudioSource: 'data_stream' | 'track';
    Quality: 'mock' | 'lite' | 'standard' | 'pro';
    MetadataValue: string | number | boolean | null;
    Metadata: {
      [key: string]: components['schemas']['MetadataValue'];
    };
    Timestamp: string;
    FailureCode:
      | 'room.unreachable'
      | 'room.token_rejected'
      | 'room.disconnected'
      | 'worker.lost'
      | 'worker.unavailable'
      | 'worker.crashed'
      | 'runtime.error';
    Failure: {
      code: components['schemas']['FailureCode'];
      message: string;
    };
    LiveKitTransportCreate: {
      type: 'livekit';
      url: string;
      room_name: string;
      worker_token: string;
      worker_identity?: string;
      audio_source: components['schemas']['AudioSource'];
      subscribe_to_identity: string | null;
      synthetic_audio_if_no_input: boolean;
    };
    WebSocketTransportCreate: {
      type: 'websocket';
    } & {
      [key: string]: unknown;
    };
    PipecatTransportCreate: {
      type: 'pipecat';
    } & {
      [key: string]: unknown;
    };
    TransportCreate:
      | components['schemas']['LiveKitTransportCreate']
      | components['schemas']['WebSocketTransportCreate']
      | components['schemas']['PipecatTransportCreate'];
    SessionCreate: {
      avatar_id: components['schemas']['AvatarId'];
      transport: components['schemas']['TransportCreate'];
      quality: components['schemas']['Quality'];
      max_duration_seconds?: number | null;
      idle_timeout_seconds: number;
      metadata: components['schemas']['Metadata'];
    };
    EventId: string;
    RelayMode: 'websocket';
    PipecatSessionCreate: {
      avatar_id: components['schemas']['AvatarId'];
      quality: components['schemas']['Quality'];
      max_duration_seconds?: number | null;
      idle_timeout_seconds: number;
      metadata: components['schemas']['Metadata'];
      relay_mode: components['schemas']['RelayMode'];
    };
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
    RuntimeType: string;
    WebhookEndpointId: string;
    WebhookEndpointStatus: 'enabled' | 'disabled';
    WebhookEndpointCreate: {
      url: string;
      description: string;
      event_types: components['schemas']['EventType'][];
    };
    WebhookEndpointUpdate: {
      url?: string;
      description?: string;
      event_types?: components['schemas']['EventType'][];
      status?: components['schemas']['WebhookEndpointStatus'];
    };
    WebhookTest: {
      type?: components['schemas']['EventType'];
    };
    WebhookDeliveryId: string;
    UsagePeriod: 'current_month' | 'previous_month';
    AvatarScope: 'all' | 'platform' | 'org';
    AvatarImage: Uint8Array<ArrayBuffer>;
    AvatarCreate: {
      image: components['schemas']['AvatarImage'];
      name: string;
      runtime_type?: components['schemas']['RuntimeType'];
    };
    ApiKeyId: string;
    Scope:
      | 'sessions:read'
      | 'sessions:write'
      | 'usage:read'
      | 'avatars:write'
      | 'keys:admin'
      | 'webhooks:read'
      | 'webhooks:write';
    ApiKeyCreate: {
      name: string;
      scopes: components['schemas']['Scope'][];
      expires_at: string | null;
    };
    WorkerCreate: {
      name: string;
      runtime_type: components['schemas']['RuntimeType'];
      qualities: components['schemas']['Quality'][];
      slots: number;
      media_url?: string | null;
      version: string;
    };
    WorkerId: string;
    ClaimRequest: {
      wait_seconds: number;
    };
    Fence: number;
    WorkerReportState: 'starting' | 'running' | 'ending' | 'ended' | 'failed';
    AssignmentReport: {
      fence: components['schemas']['Fence'];
      state: components['schemas']['WorkerReportState'];
      frames: number;
      media_ms: number;
      started_at?: components['schemas']['Timestamp'];
      first_frame_at?: components['schemas']['Timestamp'];
      ended_at?: components['schemas']['Timestamp'];
      failure?: components['schemas']['Failure'];
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
      wait_seconds: number;
    };
  };
  responses: never;
  parameters: {
    StatusFilter: components['schemas']['SessionStatusFilter'][];
    AvatarIdFilter: components['schemas']['AvatarId'];
    CreatedAfter: string;
    CreatedBefore: string;
    Limit: number;
    StartingAfterSession: string;
    IdempotencyKey: string;
    SessionIdPath: components['schemas']['SessionId'];
    StartingAfterEvent: string;
    EventTypeFilter: components['schemas']['EventType'][];
    SessionIdFilter: components['schemas']['SessionId'];
    LastEventIdQuery: components['schemas']['EventId'];
    LastEventIdHeader: string;
    EventIdPath: components['schemas']['EventId'];
    StartingAfterWebhookEndpoint: string;
    WebhookEndpointIdPath: components['schemas']['WebhookEndpointId'];
    StartingAfterWebhookDelivery: string;
    WebhookDeliveryIdPath: components['schemas']['WebhookDeliveryId'];
    Period: components['schemas']['UsagePeriod'];
    PeriodStart: string;
    PeriodEnd: string;
    StartingAfterUsageEvent: string;
    AvatarScopeFilter: components['schemas']['AvatarScope'];
    AvatarQuery: string;
    StartingAfterAvatar: string;
    AvatarIdPath: components['schemas']['AvatarId'];
    IfNoneMatch: string;
    StartingAfterApiKey: string;
    ApiKeyIdPath: components['schemas']['ApiKeyId'];
    WorkerIdPath: components['schemas']['WorkerId'];
    FenceQuery: components['schemas']['Fence'];
  };
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  'sessions.list': {
    parameters: {
      query?: {
        status?: components['parameters']['StatusFilter'];
        avatar_id?: components['parameters']['AvatarIdFilter'];
        created_after?: components['parameters']['CreatedAfter'];
        created_before?: components['parameters']['CreatedBefore'];
        limit?: components['parameters']['Limit'];
        starting_after?: components['parameters']['StartingAfterSession'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'sessions.create': {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SessionCreate'];
      };
    };
    responses: never;
  };
  'sessions.get': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        session_id: components['parameters']['SessionIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'sessions.end': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        session_id: components['parameters']['SessionIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'sessions.events': {
    parameters: {
      query?: {
        limit?: components['parameters']['Limit'];
        starting_after?: components['parameters']['StartingAfterEvent'];
      };
      header?: never;
      path: {
        session_id: components['parameters']['SessionIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'pipecatSessions.create': {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PipecatSessionCreate'];
      };
    };
    responses: never;
  };
  'events.list': {
    parameters: {
      query?: {
        type?: components['parameters']['EventTypeFilter'];
        session_id?: components['parameters']['SessionIdFilter'];
        created_after?: components['parameters']['CreatedAfter'];
        created_before?: components['parameters']['CreatedBefore'];
        limit?: components['parameters']['Limit'];
        starting_after?: components['parameters']['StartingAfterEvent'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'events.stream': {
    parameters: {
      query?: {
        type?: components['parameters']['EventTypeFilter'];
        session_id?: components['parameters']['SessionIdFilter'];
        last_event_id?: components['parameters']['LastEventIdQuery'];
      };
      header?: {
        'Last-Event-ID'?: components['parameters']['LastEventIdHeader'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'events.get': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        event_id: components['parameters']['EventIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'webhookEndpoints.list': {
    parameters: {
      query?: {
        limit?: components['parameters']['Limit'];
        starting_after?: components['parameters']['StartingAfterWebhookEndpoint'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'webhookEndpoints.create': {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['WebhookEndpointCreate'];
      };
    };
    responses: never;
  };
  'webhookEndpoints.get': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        webhook_endpoint_id: components['parameters']['WebhookEndpointIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'webhookEndpoints.delete': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        webhook_endpoint_id: components['parameters']['WebhookEndpointIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'webhookEndpoints.update': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        webhook_endpoint_id: components['parameters']['WebhookEndpointIdPath'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['WebhookEndpointUpdate'];
      };
    };
    responses: never;
  };
  'webhookEndpoints.rotateSecret': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        webhook_endpoint_id: components['parameters']['WebhookEndpointIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'webhookEndpoints.test': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        webhook_endpoint_id: components['parameters']['WebhookEndpointIdPath'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['WebhookTest'];
      };
    };
    responses: never;
  };
  'webhookDeliveries.list': {
    parameters: {
      query?: {
        limit?: components['parameters']['Limit'];
        starting_after?: components['parameters']['StartingAfterWebhookDelivery'];
      };
      header?: never;
      path: {
        webhook_endpoint_id: components['parameters']['WebhookEndpointIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'webhookDeliveries.get': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        webhook_delivery_id: components['parameters']['WebhookDeliveryIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'webhookDeliveries.redeliver': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        webhook_delivery_id: components['parameters']['WebhookDeliveryIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'usage.summary': {
    parameters: {
      query?: {
        period?: components['parameters']['Period'];
        period_start?: components['parameters']['PeriodStart'];
        period_end?: components['parameters']['PeriodEnd'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'usage.events': {
    parameters: {
      query?: {
        session_id?: components['parameters']['SessionIdFilter'];
        created_after?: components['parameters']['CreatedAfter'];
        created_before?: components['parameters']['CreatedBefore'];
        limit?: components['parameters']['Limit'];
        starting_after?: components['parameters']['StartingAfterUsageEvent'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'avatars.list': {
    parameters: {
      query?: {
        scope?: components['parameters']['AvatarScopeFilter'];
        q?: components['parameters']['AvatarQuery'];
        limit?: components['parameters']['Limit'];
        starting_after?: components['parameters']['StartingAfterAvatar'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'avatars.create': {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'multipart/form-data': components['schemas']['AvatarCreate'];
      };
    };
    responses: never;
  };
  'avatars.get': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        avatar_id: components['parameters']['AvatarIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'avatars.delete': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        avatar_id: components['parameters']['AvatarIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'avatars.preview': {
    parameters: {
      query?: never;
      header?: {
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
      };
      path: {
        avatar_id: components['parameters']['AvatarIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'limits.get': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'plans.list': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'status.get': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'apiKeys.list': {
    parameters: {
      query?: {
        limit?: components['parameters']['Limit'];
        starting_after?: components['parameters']['StartingAfterApiKey'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'apiKeys.create': {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ApiKeyCreate'];
      };
    };
    responses: never;
  };
  'apiKeys.current': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'apiKeys.delete': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        api_key_id: components['parameters']['ApiKeyIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
  'workers.register': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['WorkerCreate'];
      };
    };
    responses: never;
  };
  'workers.claim': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        worker_id: components['parameters']['WorkerIdPath'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ClaimRequest'];
      };
    };
    responses: never;
  };
  'assignments.report': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        session_id: components['parameters']['SessionIdPath'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['AssignmentReport'];
      };
    };
    responses: never;
  };
  'assignments.portrait': {
    parameters: {
      query: {
        fence: components['parameters']['FenceQuery'];
      };
      header?: never;
      path: {
        session_id: components['parameters']['SessionIdPath'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: never;
  };
}
