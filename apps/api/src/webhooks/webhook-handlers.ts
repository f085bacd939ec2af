import type { Database } from '@greenroom/database';

import { beyondLastId } from '../common/ids.ts';
import type { Handlers } from '../contract/handlers.ts';
import { linkTo } from '../document/link.ts';
import { page, requireCursor } from '../http/paging.ts';
import { idempotencyKey, idempotently, type ResponseCipher } from '../idempotency/idempotency.ts';
import { findDelivery, listDeliveries } from './webhook-delivery-repository.ts';
import { findEndpoint, listEndpoints } from './webhook-endpoint-repository.ts';
import { deliveryResource, endpointResource } from './webhook-resources.ts';
import type { WebhookService } from './webhook-service.ts';

export function webhookEndpointHandlers(
  database: Database,
  service: WebhookService,
  cipher: ResponseCipher,
): Handlers['webhookEndpoints'] {
  return {
    async list({ identity, query }) {
      const cursor = query.starting_after;
      await requireCursor(cursor, (id) => findEndpoint(database, identity, id));
      const range = { before: cursor ?? beyondLastId('whe'), take: query.limit + 1 };
      const rows = await listEndpoints(database, identity, range);
      return { status: 200, body: page(rows, query.limit, endpointResource) };
    },

    async create({ identity, body, header }) {
      const key = idempotencyKey(header('idempotency-key'));
      const request = { tenant: identity, key, content: { webhookEndpoint: body }, cipher };
      return idempotently(database, request, async (tx) => {
        const endpoint = await service.create(tx, identity, body);
        return {
          status: 201,
          headers: { Location: linkTo('webhookEndpoints.get', { webhook_endpoint_id: endpoint.id }) },
          body: endpoint,
        };
      });
    },

    async get({ identity, path }) {
      return { status: 200, body: endpointResource(await service.get(identity, path.webhook_endpoint_id)) };
    },

    async update({ identity, path, body }) {
      const endpoint = await service.update(identity, path.webhook_endpoint_id, body);
      return { status: 200, body: endpointResource(endpoint) };
    },

    async delete({ identity, path }) {
      await service.delete(identity, path.webhook_endpoint_id);
      return { status: 204 };
    },

    async rotateSecret({ identity, path }) {
      return { status: 200, body: await service.rotateSecret(identity, path.webhook_endpoint_id) };
    },

    async test({ identity, path, body }) {
      const delivery = await service.test(identity, path.webhook_endpoint_id, body.type ?? 'ping');
      return { status: 202, body: deliveryResource(delivery) };
    },
  };
}

export function webhookDeliveryHandlers(
  database: Database,
  service: WebhookService,
): Handlers['webhookDeliveries'] {
  return {
    async list({ identity, path, query }) {
      const endpoint = await service.get(identity, path.webhook_endpoint_id);
      const cursor = query.starting_after;
      await requireCursor(cursor, async (id) => {
        const delivery = await findDelivery(database, identity, id);
        return delivery?.endpointId === endpoint.id ? delivery : null;
      });
      const range = { before: cursor ?? beyondLastId('whd'), take: query.limit + 1 };
      const rows = await listDeliveries(database, endpoint, range);
      return { status: 200, body: page(rows, query.limit, deliveryResource) };
    },

    async get({ identity, path }) {
      return {
        status: 200,
        body: deliveryResource(await service.getDelivery(identity, path.webhook_delivery_id)),
      };
    },

    async redeliver({ identity, path }) {
      const delivery = await service.redeliver(identity, path.webhook_delivery_id);
      return { status: 202, body: deliveryResource(delivery) };
    },
  };
}
