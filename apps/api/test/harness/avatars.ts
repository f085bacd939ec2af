import { photograph, until } from '@greenroom/testing';

import { type List, type Schemas, read } from './responses.ts';
import type { TestServer } from './test-server.ts';

export type Avatar = Schemas['Avatar'];

/** A field of a form: a text, a file, or several values. */
export type FormValue = string | Blob | Uint8Array | (string | Blob)[];

/** Returns a form like a browser's. Omits undefined fields. */
export function formOf(fields: Record<string, FormValue | undefined>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) {
      form.append(name, one instanceof Uint8Array ? new Blob([new Uint8Array(one)]) : one);
    }
  }
  return form;
}

interface Init {
  key?: string;
  headers?: Record<string, string>;
}

/** Creates an avatar with valid defaults. */
export async function postAvatar(
  server: TestServer,
  fields: Record<string, FormValue | undefined> = {},
  init: Init = {},
): Promise<Response> {
  const body = formOf({ image: await photograph('face'), name: 'Our host', ...fields });
  return server.request('/v1/avatars', { method: 'POST', body, ...init });
}

/** Waits until an avatar is processed, and returns it. */
export async function settledAvatar(server: TestServer, id: string, init: Init = {}): Promise<Avatar> {
  const get = () => read<Avatar>(server.request(`/v1/avatars/${id}`, init));
  // Reading the models that find faces takes long on a busy machine.
  await until(async () => (await get()).status !== 'processing', 60_000);
  return get();
}

/** Creates an avatar and waits until it is ready. */
export async function readyAvatar(
  server: TestServer,
  fields: Record<string, FormValue | undefined> = {},
  init: Init = {},
): Promise<Avatar> {
  const { id } = await read<Avatar>(postAvatar(server, fields, init));
  return settledAvatar(server, id, init);
}

export async function ownAvatars(server: TestServer, key?: string): Promise<string[]> {
  const init = key === undefined ? {} : { key };
  const { data } = await read<List<Avatar>>(server.request('/v1/avatars?scope=org&limit=100', init));
  return data.map(({ id }) => id);
}

/** Returns the stored source image or portrait of an avatar, and when the avatar was deleted. */
export async function storedPortrait({ database }: TestServer, avatarId: string) {
  const row = await database.prisma.avatarPortrait.findFirst({ where: { avatarId } });
  if (row === null) return null;
  const { sourceImage, image: portrait, attempts, deletedAt } = row;
  return { sourceImage, portrait, attempts, deletedAt };
}
