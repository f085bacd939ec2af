// Generated from openapi/ by `pnpm generate`. Do not edit.

export const patterns = {
  AvatarId: '^av_[A-Za-z0-9_]{1,64}$',
  RequestId: '^req_[0-7][0-9A-HJKMNP-TV-Z]{25}$',
  SessionId: '^sess_[0-7][0-9A-HJKMNP-TV-Z]{25}$',
  LiveKitTransport: { url: '^wss?://[^\\s/?#][^\\s]*$' },
  Timestamp: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
  TimestampOrNull: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
  LiveKitTransportCreate: { url: '^wss?://[^\\s/?#][^\\s]*$' },
  EventId: '^evt_[0-7][0-9A-HJKMNP-TV-Z]{25}$',
  SessionEvent: { reason: '^[a-z0-9_]+(\\.[a-z0-9_]+)*$' },
  UsageEventId: '^use_[0-7][0-9A-HJKMNP-TV-Z]{25}$',
  RuntimeType: '^[a-z0-9][a-z0-9_.-]{0,62}$',
  AvatarCreate: { name: '^[^\\x00-\\x1f\\x7f]*[^\\x00-\\x20\\x7f][^\\x00-\\x1f\\x7f]*$' },
  PlanId: '^[a-z][a-z0-9_]{0,62}$',
  RateLimitState: { name: '^[a-z][a-z_]{0,62}$' },
  ApiKeyId: '^key_[0-7][0-9A-HJKMNP-TV-Z]{25}$',
  ApiKeyCreated: { secret: '^sk_(live|test)_[A-Za-z0-9_-]{43}$' },
  WorkerId: '^wkr_[0-7][0-9A-HJKMNP-TV-Z]{25}$',
  Assignment: {
    created_by_request: '^req_[0-7][0-9A-HJKMNP-TV-Z]{25}$',
    traceparent: '^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$',
  },
  IdempotencyKey: '^(?:"[^"]{1,255}"|[^"].{0,254})$',
} as const;
