import type { components } from '@greenroom/contract';

import { createdAt } from '../common/ids.ts';
import type { DeliveryRow } from './webhook-delivery-repository.ts';
import type { EndpointRow } from './webhook-endpoint-repository.ts';

type Schemas = components['schemas'];

/** Returns an endpoint as the document describes it. */
export function endpointResource(endpoint: EndpointRow): Schemas['WebhookEndpoint'] {
  const { id, url, description, eventTypes, disabledReason } = endpoint;
  return {
    id,
    object: 'webhook_endpoint',
    url,
    description,
    event_types: eventTypes as Schemas['EventType'][],
    status: disabledReason === null ? 'enabled' : 'disabled',
    disabled_reason: disabledReason,
    created_at: createdAt(id).toISOString(),
  };
}

/** Returns a delivery as the document describes it. */
export function deliveryResource(delivery: DeliveryRow): Schemas['WebhookDelivery'] {
  const { id, endpointId, eventId, eventType, status, attempts, nextAttemptAt } = delivery;
  return {
    id,
    object: 'webhook_delivery',
    webhook_endpoint_id: endpointId,
    event_id: eventId,
    event_type: eventType as Schemas['EventType'],
    status,
    attempts,
    next_attempt_at: nextAttemptAt?.toISOString() ?? null,
    created_at: createdAt(eventId).toISOString(),
  };
}
