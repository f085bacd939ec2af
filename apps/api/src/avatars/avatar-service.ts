import type { Avatar, Transaction } from '@greenroom/database';

import { ApiError } from '../http/api-error.ts';
import type { Tenant } from '../tenant.ts';
import { findAvatar } from './avatar-repository.ts';

type AvatarReader = Pick<Transaction, 'avatar'>;

/** @throws {ApiError} 404 where the organisation may use no such avatar */
export async function requireAvatar(client: AvatarReader, { orgId }: Tenant, id: string): Promise<Avatar> {
  const avatar = await findAvatar(client, orgId, id);
  if (avatar !== null) return avatar;
  throw new ApiError('avatar.not_found', {
    message: `There is no avatar ${id} for this key. List the avatars to see which there are.`,
    param: 'avatar_id',
  });
}

/** @throws {ApiError} 404 as above; 409 where the avatar cannot perform */
export async function requireReadyAvatar(client: AvatarReader, tenant: Tenant, id: string): Promise<Avatar> {
  const avatar = await requireAvatar(client, tenant, id);
  if (avatar.status === 'ready') return avatar;
  throw new ApiError('avatar.not_ready', {
    message: `Avatar ${id} is ${avatar.status}. Wait until it is ready, or choose another one.`,
    param: 'avatar_id',
  });
}
