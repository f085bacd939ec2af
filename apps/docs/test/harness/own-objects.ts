import type { TestServer } from '@greenroom/api/testing';
import { readyAvatar } from '@greenroom/api/testing/avatars';
import { read, type Schemas } from '@greenroom/api/testing/responses';
import { sessionCreate } from '@greenroom/testing';

/** A session that waits for a worker, in a room of its own. */
export async function liveSession(server: TestServer): Promise<string> {
  const json = await sessionCreate();
  return (await read<Schemas['Session']>(server.request('/v1/sessions', { method: 'POST', json }))).id;
}

const makers: Record<string, (server: TestServer) => Promise<string>> = {
  session_id: liveSession,
  avatar_id: async (server) => (await readyAvatar(server)).id,
  event_id: async (server) => {
    const { data } = await read<Schemas['EventList']>(
      server.request(`/v1/events?session_id=${await liveSession(server)}`),
    );
    return data[0]?.id ?? '';
  },
  api_key_id: async (server) => (await server.createKey()).id,
};

/** The id of a new object that a request may use up, by the parameter of the path that names it. */
export async function ownObject(server: TestServer, parameter: string): Promise<string> {
  const make = makers[parameter];
  if (make === undefined) throw new Error(`No object to try ${parameter} with.`);
  return make(server);
}
