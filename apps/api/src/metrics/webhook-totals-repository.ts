import type { Database } from '@greenroom/database';

/** The webhooks of all organisations. */
export interface WebhookTotals {
  /** Pending deliveries. */
  waiting: number;
  /** How long the oldest delivery to an endpoint that does not fail has been due. */
  oldestDueSeconds: number;
  /** Endpoints that the server has disabled. */
  disabled: number;
}

/** Sums up the webhooks. The pending deliveries have an index; all others are not read. */
export async function sumUpWebhooks({ pool }: Database): Promise<WebhookTotals> {
  const { rows } = await pool.query<WebhookTotals>({
    name: 'sum-up-webhooks',
    text: `
      SELECT coalesce(sum(waiting), 0)::int AS waiting,
             coalesce(extract(epoch FROM max(now() - due_since)), 0)::float8 AS "oldestDueSeconds",
             (count(*) FILTER (WHERE disabled_reason IN ('failing', 'gone')))::int AS disabled
        FROM (SELECT disabled_reason,
                     (SELECT count(*) FROM webhook_deliveries AS delivery
                       WHERE delivery.org_id = endpoint.org_id AND delivery.mode = endpoint.mode
                         AND endpoint_id = endpoint.id AND next_attempt_at IS NOT NULL) AS waiting,
                     (SELECT min(next_attempt_at) FROM webhook_deliveries AS delivery
                       WHERE delivery.org_id = endpoint.org_id AND delivery.mode = endpoint.mode
                         AND endpoint_id = endpoint.id AND next_attempt_at <= now()
                         AND failures = 0 AND disabled_reason IS NULL) AS due_since
                FROM webhook_endpoints AS endpoint) AS endpoint`,
  });
  return rows[0] ?? { waiting: 0, oldestDueSeconds: 0, disabled: 0 };
}
