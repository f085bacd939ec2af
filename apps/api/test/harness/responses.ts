import type { components } from '@greenroom/contract';
import { sessionCreate } from '@greenroom/testing';

import type { TestServer } from './test-server.ts';

export type Schemas = components['schemas'];
export type Session = Schemas['Session'];

export interface List<Item> {
  object: 'list';
  data: Item[];
  has_more: boolean;
  next_cursor: string | null;
}

/** Resolves with the body of a successful response. Rejects for any other response. */
export async function read<Body>(pending: Promise<Response> | Response): Promise<Body> {
  const response = await pending;
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Body;
}

type Fields = Parameters<typeof sessionCreate>[0];

/** Requests a session in a new room. */
export async function postSession(
  server: TestServer,
  fields: Fields = {},
  init: { key?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  return server.request('/v1/sessions', { method: 'POST', json: await sessionCreate(fields), ...init });
}

/** Creates a session. Like the client, retries a create that a busy machine rejects. */
export async function createSession(server: TestServer, fields: Fields = {}, key?: string): Promise<Session> {
  for (;;) {
    const response = await postSession(server, fields, key === undefined ? {} : { key });
    if (response.status !== 503) return read<Session>(response);
  }
}

export function getSession(server: TestServer, id: string, key?: string): Promise<Session> {
  return read<Session>(server.request(`/v1/sessions/${id}`, key === undefined ? {} : { key }));
}

export function endSession(server: TestServer, id: string, key?: string): Promise<Response> {
  return server.request(`/v1/sessions/${id}/end`, { method: 'POST', ...(key !== undefined && { key }) });
}
