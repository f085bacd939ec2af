import type { components } from '@greenroom/contract';
import type { Avatar, Database } from '@greenroom/database';

import type { Handlers } from '../contract/handlers.ts';
import { page, unknownCursor } from '../http/paging.ts';
import { findAvatar, listAvatars } from './avatar-repository.ts';
import { requireAvatar } from './avatar-service.ts';

export function avatarHandlers(database: Database): Handlers['avatars'] {
  return {
    async list({ identity, query }) {
      const cursor = query.starting_after;
      if (cursor !== undefined && !(await findAvatar(database.prisma, identity.orgId, cursor))) {
        throw unknownCursor('avatar');
      }
      const { scope, q, limit } = query;
      const rows = await listAvatars(database, identity.orgId, { scope, q, after: cursor, take: limit + 1 });
      return { status: 200, body: page(rows, limit, avatarResource) };
    },

    async get({ identity, path }) {
      return {
        status: 200,
        body: avatarResource(await requireAvatar(database.prisma, identity, path.avatar_id)),
      };
    },
  };
}

function avatarResource(avatar: Avatar): components['schemas']['Avatar'] {
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
