import { limits, type components } from '@greenroom/contract';
import { resolve, type Example, type RequestBody } from '@greenroom/contract/document';
import type { Database, Transaction } from '@greenroom/database';

import { keyActor, recordAudit, type AuditRecord } from '../audit/audit-repository.ts';
import { currentTimeMs } from '../common/clock.ts';
import { createdAt, newId } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';
import { document } from '../document/document.ts';
import { ApiError } from '../errors/api-error.ts';
import type { AddressPolicy } from '../outbound/address-policy.ts';
import type { TokenCipher } from '../sessions/token-cipher.ts';
import type { WebhookDeliverer } from './webhook-deliverer.ts';
import {
  findDelivery,
  insertSample,
  requestDelivery,
  type DeliveryRow,
} from './webhook-delivery-repository.ts';
import {
  commitEndpointChange,
  deleteEndpoint,
  findEndpoint,
  insertEndpoint,
  lockAndCountEndpoints,
  lockEndpoint,
  replaceSecret,
  updateEndpoint,
  type EndpointRow,
} from './webhook-endpoint-repository.ts';
import { removeWake } from './webhook-queue-repository.ts';
import { endpointResource } from './webhook-resources.ts';
import { newWebhookSecret, sealSecret } from './webhook-secret.ts';
import { checkWebhookUrl } from './webhook-url.ts';

type Schemas = components['schemas'];

/** The key that changes an endpoint. */
type Caller = Tenant & { keyId: string };

const MAX_ENDPOINTS = limits.WebhookEndpointCreate.maxPerOrganisation;
/** For which a previous secret also signs. */
const OVERLAP_MS = 24 * 60 * 60 * 1000;

export interface WebhookServiceOptions {
  database: Database;
  cipher: TokenCipher;
  policy: AddressPolicy;
  deliverer: WebhookDeliverer;
}

/** The rules of webhook endpoints and deliveries. */
export class WebhookService {
  readonly #options: WebhookServiceOptions;

  constructor(options: WebhookServiceOptions) {
    this.#options = options;
  }

  /**
   * Creates an endpoint, in the transaction of the request.
   *
   * @throws {ApiError} 400 or 422 for a URL that nothing can be sent to; 403 at the limit
   */
  async create(
    tx: Transaction,
    tenant: Caller,
    { url, description, event_types: eventTypes }: Schemas['WebhookEndpointCreate'],
  ): Promise<Schemas['WebhookEndpointWithSecret']> {
    const { cipher, policy } = this.#options;
    checkWebhookUrl(url, policy);
    const count = await lockAndCountEndpoints(tx, tenant);
    if (count >= MAX_ENDPOINTS) {
      throw new ApiError('webhook_endpoint.limit_reached', { values: { count, limit: MAX_ENDPOINTS } });
    }
    const { orgId, mode } = tenant;
    const endpoint = {
      orgId,
      mode,
      id: newId('whe'),
      url,
      description: description ?? '',
      eventTypes: eventTypes ?? [],
    };
    const secret = newWebhookSecret();
    const created = await insertEndpoint(tx, endpoint, sealSecret(cipher, endpoint, secret));
    await audit(tx, tenant, 'webhook_endpoint.create', endpoint.id);
    return { ...endpointResource(created), secret };
  }

  /** @throws {ApiError} 404 if there is none with this id */
  async get(tenant: Tenant, id: string): Promise<EndpointRow> {
    return (await findEndpoint(this.#options.database, tenant, id)) ?? endpointNotFound(id);
  }

  /** @throws {ApiError} 400 or 422 for a URL that nothing can be sent to; 404 if there is none with this id */
  async update(
    tenant: Caller,
    id: string,
    { url, description, event_types: eventTypes, status }: Schemas['WebhookEndpointUpdate'],
  ): Promise<EndpointRow> {
    const { database, policy, deliverer } = this.#options;
    if (url !== undefined) checkWebhookUrl(url, policy);
    const isEnabled = status === undefined ? undefined : status === 'enabled';
    const key = { orgId: tenant.orgId, mode: tenant.mode, id };
    const endpoint = await database.transaction(async (tx) => {
      const before = await lockEndpoint(tx, key);
      const updated = await updateEndpoint(tx, key, { url, description, eventTypes, isEnabled });
      if (before === null || updated === null) endpointNotFound(id);
      await audit(tx, tenant, 'webhook_endpoint.update', id, differences(before, updated));
      await commitEndpointChange(tx, tenant);
      return updated;
    });
    deliverer.wake(key);
    return endpoint;
  }

  /** @throws {ApiError} 404 if there is none with this id */
  async rotateSecret(tenant: Caller, id: string): Promise<Schemas['WebhookEndpointWithSecret']> {
    const { database, cipher } = this.#options;
    const secret = newWebhookSecret();
    const key = { orgId: tenant.orgId, mode: tenant.mode, id };
    const previousExpiresAt = new Date(currentTimeMs() + OVERLAP_MS);
    const sealed = sealSecret(cipher, key, secret);
    const endpoint = await database.transaction(async (tx) => {
      const replaced = await replaceSecret(tx, key, sealed, previousExpiresAt);
      if (replaced === null) endpointNotFound(id);
      await audit(tx, tenant, 'webhook_endpoint.rotate_secret', id);
      return replaced;
    });
    return { ...endpointResource(endpoint), secret };
  }

  /** @throws {ApiError} 404 if there is none with this id */
  async delete(tenant: Caller, id: string): Promise<void> {
    const { database, deliverer } = this.#options;
    const key = { orgId: tenant.orgId, mode: tenant.mode, id };
    await database.transaction(async (tx) => {
      if (!(await deleteEndpoint(tx, key))) endpointNotFound(id);
      await removeWake(tx, id);
      await audit(tx, tenant, 'webhook_endpoint.delete', id);
      await commitEndpointChange(tx, tenant);
    });
    deliverer.wake(key);
  }

  /** @throws {ApiError} 404 if there is none with this id; 409 if it is disabled */
  async test(tenant: Tenant, id: string, type: Schemas['EventType']): Promise<DeliveryRow> {
    const { database, deliverer } = this.#options;
    const endpoint = await this.get(tenant, id);
    const eventId = newId('evt');
    const object = type === 'ping' ? endpointResource(endpoint) : sampleOf(type);
    const delivery = await insertSample(database, endpoint, {
      id: eventId,
      object: 'event',
      type,
      created_at: createdAt(eventId).toISOString(),
      data: { object },
    });
    if (delivery === null) endpointDisabled(id);
    deliverer.request(endpoint, delivery.id);
    return delivery;
  }

  /** @throws {ApiError} 404 if there is none with this id */
  async getDelivery(tenant: Tenant, id: string): Promise<DeliveryRow> {
    const delivery = await findDelivery(this.#options.database, tenant, id);
    if (delivery !== null) return delivery;
    throw new ApiError('webhook_delivery.not_found', {
      values: { webhook_delivery_id: id },
      param: 'webhook_delivery_id',
    });
  }

  /** @throws {ApiError} 404 if there is none with this id; 409 if its endpoint is disabled */
  async redeliver(tenant: Tenant, id: string): Promise<DeliveryRow> {
    const { database, deliverer } = this.#options;
    const { endpointId } = await this.getDelivery(tenant, id);
    const delivery = await requestDelivery(database, tenant, id);
    if (delivery === null) endpointDisabled(endpointId);
    deliverer.request({ orgId: tenant.orgId, mode: tenant.mode, id: endpointId }, id);
    return delivery;
  }
}

/** Records a change of an endpoint in the transaction that makes it. */
function audit(
  tx: Transaction,
  caller: Caller,
  action: `webhook_endpoint.${string}`,
  id: string,
  details: NonNullable<AuditRecord['details']> = {},
): Promise<void> {
  return recordAudit(tx, keyActor(caller), {
    orgId: caller.orgId,
    action,
    objectId: id,
    details: { mode: caller.mode, ...details },
  });
}

/** Returns what an update has changed. Of the URL it has the host: the rest may be a secret. */
function differences(before: EndpointRow, after: EndpointRow): NonNullable<AuditRecord['details']> {
  const shown = ({ url, eventTypes, disabledReason }: EndpointRow) => ({
    host: new URL(url).host,
    event_types: eventTypes,
    status: disabledReason === null ? 'enabled' : 'disabled',
  });
  const [from, to] = [shown(before), shown(after)];
  const names = (['host', 'event_types', 'status'] as const).filter(
    (name) => String(from[name]) !== String(to[name]),
  );
  return Object.fromEntries(names.map((name) => [name, { from: from[name], to: to[name] }]));
}

function endpointNotFound(id: string): never {
  throw new ApiError('webhook_endpoint.not_found', {
    values: { webhook_endpoint_id: id },
    param: 'webhook_endpoint_id',
  });
}

function endpointDisabled(id: string): never {
  throw new ApiError('webhook_endpoint.disabled', {
    values: { webhook_endpoint_id: id },
    param: 'webhook_endpoint_id',
  });
}

/** Returns the resource of the document's example of an event. */
function sampleOf(type: Schemas['EventType']): Schemas['EventData']['object'] {
  const body = document.webhooks?.[type]?.post?.requestBody ?? { content: {} };
  const { content } = resolve<RequestBody>(document, body);
  const [example] = Object.values(content['application/json']?.examples ?? {});
  return (resolve<Example>(document, example ?? {}).value as Schemas['WebhookPayload']).data.data.object;
}
