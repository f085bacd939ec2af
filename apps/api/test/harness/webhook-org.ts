import { createSession, read, type Schemas } from './responses.ts';
import type { TestServer } from './test-server.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';

/** An organisation whose webhook endpoints are at a receiver. */
export interface WebhookOrg {
  id: string;
  key: string;
  /** Sends a request with its key to a path below `/v1/`. */
  request(path: string, init?: object): Promise<Response>;
  createEndpoint(path?: string, fields?: object): Promise<Schemas['WebhookEndpointWithSecret']>;
  /** Returns the latest deliveries to an endpoint. */
  deliveriesTo(endpointId: string): Promise<Schemas['WebhookDelivery'][]>;
  /** Creates and ends a session, through another server if one is given. Resolves with its id. */
  endSession(through?: TestServer): Promise<string>;
}

let count = 0;

export async function createWebhookOrg(server: TestServer, receiver: WebhookReceiver): Promise<WebhookOrg> {
  const id = `webhooks-${(count += 1)}`;
  const key = (await server.createOrg({ id, credits: 1_000_000 })).test;
  const request: WebhookOrg['request'] = (path, init = {}) => server.request(`/v1/${path}`, { key, ...init });
  return {
    id,
    key,
    request,
    createEndpoint(path = '/', fields = {}) {
      const json = { url: `${receiver.url}${path}`, ...fields };
      return read(request('webhook_endpoints', { method: 'POST', json }));
    },
    async deliveriesTo(endpointId) {
      const path = `webhook_endpoints/${endpointId}/deliveries?limit=100`;
      return (await read<Schemas['WebhookDeliveryList']>(request(path))).data;
    },
    async endSession(through = server) {
      const session = await createSession(through, {}, key);
      await read(through.request(`/v1/sessions/${session.id}/end`, { method: 'POST', key }));
      return session.id;
    },
  };
}
