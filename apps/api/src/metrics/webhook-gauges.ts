import type { Database } from '@greenroom/database';
import { Gauge, type Registry } from 'prom-client';

import { cached } from './cached.ts';
import { sumUpWebhooks, type WebhookTotals } from './webhook-totals-repository.ts';

/** Scrapes within this time share one query, which reads all deliveries that are pending. */
const MAX_AGE_MS = 10_000;

/** Registers the gauges of webhooks, which are read from the database at a scrape. While it cannot be read, they have no values. */
export function registerWebhookGauges(registry: Registry, database: Database): void {
  const totals = cached(() => sumUpWebhooks(database), MAX_AGE_MS);
  const gauge = (name: string, help: string, valueOf: (totals: WebhookTotals) => number) =>
    new Gauge({
      ...{ name, help, registers: [registry] },
      async collect() {
        const current = await totals();
        // A gauge without labels keeps 0 after a reset.
        if (current === null) this.remove();
        else this.set(valueOf(current));
      },
    });
  gauge(
    'greenroom_webhook_deliveries_waiting',
    'Webhook deliveries that are pending, in the whole database: due, or to be repeated later.',
    ({ waiting }) => waiting,
  );
  gauge(
    'greenroom_webhook_oldest_due_age_seconds',
    'How long the oldest delivery to an endpoint that does not fail has been due; 0 without one.',
    ({ oldestDueSeconds }) => oldestDueSeconds,
  );
  gauge(
    'greenroom_webhook_endpoints_disabled',
    'Webhook endpoints that are disabled because they failed for days or responded 410.',
    ({ disabled }) => disabled,
  );
}
