import type { components } from '@greenroom/contract';
import type { Avatar } from '@greenroom/database';

/** Returns an avatar as the document describes it. */
export function avatarResource(avatar: Avatar): components['schemas']['Avatar'] {
  return {
    id: avatar.id,
    object: 'avatar',
    name: avatar.name,
    status: avatar.status,
    runtime_type: avatar.runtimeType,
    is_demo: avatar.isDemo,
    created_at: avatar.createdAt.toISOString(),
    failure_reason: avatar.failureReason,
  };
}
