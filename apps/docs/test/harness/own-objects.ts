import type { TestServer } from '@greenroom/api/testing';
import { readyAvatar } from '@greenroom/api/testing/avatars';
import { read, type Schemas } from '@greenroom/api/testing/responses';
import { sessionCreate } from '@greenroom/testing';

/** Creates a session that waits for a worker, in a separate room. Returns its id. */
export async function liveSession(server: TestServer): Promise<string> {
  const json = await sessionCreate();
  return (await read<Schemas['Session']>(server.request('/v1/sessions', { method: 'POST', json }))).id;
}

/**
 * Creates an endpoint with a delivery. Deletes the oldest of several endpoints, because an organisation can have only a
 * few.
 */
async function endpointWithDelivery(server: TestServer): Promise<{ endpoint: string; delivery: string }> {
  const post = <Body>(path: string, json: object) =>
    read<Body>(server.request(path, { method: 'POST', json }));
  const path = '/v1/webhook_endpoints';
  const { data } = await read<Schemas['WebhookEndpointList']>(server.request(`${path}?limit=100`));
  const ids = data.map(({ id }) => id).sort();
  if (ids.length > 8) await server.request(`${path}/${ids[0]}`, { method: 'DELETE' });
  const json = { url: 'https://hooks.acme.example/', event_types: ['ping'] };
  const endpoint = await post<Schemas['WebhookEndpointWithSecret']>(path, json);
  const delivery = await post<Schemas['WebhookDelivery']>(`${path}/${endpoint.id}/test`, {});
  return { endpoint: endpoint.id, delivery: delivery.id };
}

const factories: Record<string, (server: TestServer) => Promise<string>> = {
  session_id: liveSession,
  avatar_id: async (server) => (await readyAvatar(server)).id,
  event_id: async (server) => {
    const { data } = await read<Schemas['EventList']>(
      server.request(`/v1/events?session_id=${await liveSession(server)}`),
    );
    return data[0]?.id ?? '';
  },
  webhook_endpoint_id: async (server) => (await endpointWithDelivery(server)).endpoint,
  webhook_delivery_id: async (server) => (await endpointWithDelivery(server)).delivery,
  api_key_id: async (server) => (await server.createKey()).id,
};

/** Returns the id of a new object that a request may use up, by its path parameter. */
export async function ownObject(server: TestServer, parameter: string): Promise<string> {
  const make = factories[parameter];
  if (make === undefined) throw new Error(`No object to try ${parameter} with.`);
  return make(server);
}
