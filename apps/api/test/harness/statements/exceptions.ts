/** Statements of the server that touch every shard on purpose. None is part of a customer's request. */
export const EXCEPTIONS: readonly { statement: RegExp; reason: string }[] = [
  {
    statement:
      /^SELECT org_id AS "orgId", mode, array_agg\(key\) AS keys\s+FROM \(SELECT org_id, mode, key FROM idempotency_records WHERE expires_at < /,
    reason: 'finds the expired responses of all organisations, every hour',
  },
  {
    statement:
      /^SELECT org_id AS "orgId", avatar_id AS id, deleted_at AS "deletedAt" FROM avatar_portraits\s+WHERE deleted_at < /,
    reason: 'finds the deleted portraits of all organisations, every minute',
  },
  {
    statement: /^SELECT org_id AS "orgId", id, \(row_number\(\).*FROM avatars\s+WHERE status = 'processing'/s,
    reason: 'finds the overdue portraits of all organisations, every minute',
  },
  {
    statement:
      /^\s*SELECT endpoint\.org_id AS "orgId", endpoint\.mode, endpoint\.id\s+FROM webhook_endpoints/,
    reason: 'finds the webhook endpoints of all organisations that a killed process left, every few seconds',
  },
  {
    statement: /^\s*SELECT coalesce\(sum\(waiting\), 0\)/,
    reason: 'counts the pending webhook deliveries of all organisations for the metrics',
  },
  {
    statement:
      /^\s*SELECT org_id AS "orgId", mode, event_sequence::float8 AS sequence FROM accounts\s+WHERE org_id = ANY/,
    reason: 'looks for events of the organisations whose streams a process has open, every five seconds',
  },
  {
    statement: /^\s*SELECT final_fence AS "finalFence" FROM sessions WHERE id = \$1$/,
    reason:
      'a worker that repeats its last report, or asks for a portrait late, knows the id of the session only',
  },
];
