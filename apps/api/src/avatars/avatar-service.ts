import { readStockPicture, type Avatar, type Database, type Transaction } from '@greenroom/database';

import { createdAt, newId } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';
import { ApiError } from '../errors/api-error.ts';
import { oneOf, quoted } from '../errors/message-text.ts';
import {
  deleteAvatar,
  findAvatar,
  insertAvatar,
  lockAndCountAvatars,
  PLATFORM,
  runtimeTypes,
} from './avatar-repository.ts';
import { schedulePortrait } from './portrait-job-repository.ts';
import { deleteSourceImage, findPortrait, insertSourceImage, retirePortrait } from './portrait-repository.ts';

/** The runtime that shows portraits. */
const PORTRAIT_RUNTIME = 'livekit';

/**
 * Returns an avatar that the tenant may use.
 *
 * @throws {ApiError} 404 if there is none with this id
 */
export async function requireAvatar(database: Database, tenant: Tenant, id: string): Promise<Avatar> {
  const avatar = await findAvatar(database, tenant, id);
  return avatar ?? notFound(id);
}

/**
 * Checks that a session can use an avatar that was looked up.
 *
 * @throws {ApiError} 404 if the tenant may use none with this id; 409 if it is not ready
 */
export function requireReady<Found extends Pick<Avatar, 'status'>>(avatar: Found | null, id: string): Found {
  if (avatar === null) notFound(id);
  if (avatar.status === 'ready') return avatar;
  throw new ApiError('avatar.not_ready', {
    situation: avatar.status,
    values: { avatar_id: id },
    param: 'avatar_id',
  });
}

/**
 * Returns the preview of an avatar that the tenant may use, and whether every organisation has it.
 *
 * @throws {ApiError} 404 if the tenant may use none with this id; 409 if it is not ready
 */
export async function avatarPreview(
  database: Database,
  tenant: Tenant,
  id: string,
): Promise<{ image: Uint8Array; isShared: boolean }> {
  const avatar = requireReady(await findAvatar(database, tenant, id), id);
  const isShared = avatar.orgId === PLATFORM;
  const image = isShared ? await readStockPicture(id) : await findPortrait(database, avatar);
  return { image: image ?? notFound(id), isShared };
}

/**
 * Adds an avatar and schedules its portrait. The image must have been checked.
 *
 * @throws {ApiError} 403 at the limit of the organisation's plan; 422 if no worker has the runtime type
 */
export async function createAvatar(
  tx: Transaction,
  { orgId, mode }: Tenant,
  body: { name: string; image: Uint8Array<ArrayBuffer>; runtime_type?: string },
): Promise<Avatar> {
  const { name, image, runtime_type: runtimeType = PORTRAIT_RUNTIME } = body;
  await requireRuntimeType(tx, runtimeType);
  const { count, slots } = await lockAndCountAvatars(tx, orgId);
  if (count >= slots) {
    throw new ApiError('avatar.limit_reached', { values: { count, limit: slots } });
  }
  const id = newId('av');
  const avatar = await insertAvatar(tx, {
    orgId,
    id,
    mode,
    name,
    status: 'processing',
    runtimeType,
    createdAt: createdAt(id),
  });
  await insertSourceImage(tx, avatar, image);
  await schedulePortrait(tx, avatar);
  return avatar;
}

async function requireRuntimeType(tx: Transaction, runtimeType: string): Promise<void> {
  if (runtimeType === PORTRAIT_RUNTIME) return;
  const known = [...new Set([PORTRAIT_RUNTIME, ...(await runtimeTypes(tx))])];
  if (known.includes(runtimeType)) return;
  throw new ApiError('body.invalid', {
    situation: 'value',
    values: { expected: oneOf(known), sent: quoted(runtimeType) },
    param: 'runtime_type',
  });
}

/**
 * Deletes an avatar. Live sessions keep its portrait.
 *
 * @throws {ApiError} 400 for a stock avatar, 404 if the tenant has no such avatar
 */
export async function removeAvatar(database: Database, tenant: Tenant, id: string): Promise<void> {
  const avatar = await requireAvatar(database, tenant, id);
  if (avatar.orgId === PLATFORM) {
    throw new ApiError('avatar.stock', { values: { avatar_id: id }, param: 'avatar_id' });
  }
  await database.transaction(async (tx) => {
    // The order is that of the job, so that the two transactions do not deadlock.
    if (!(await deleteAvatar(tx, avatar))) notFound(id);
    await deleteSourceImage(tx, avatar);
    await retirePortrait(tx, avatar);
  });
}

function notFound(id: string): never {
  throw new ApiError('avatar.not_found', { values: { avatar_id: id }, param: 'avatar_id' });
}
