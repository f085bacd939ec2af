import { createHash } from 'node:crypto';

import type { Database } from '@greenroom/database';

import { entityTag, namesTag } from '../common/entity-tag.ts';
import type { Handlers } from '../contract/handlers.ts';
import { linkTo } from '../document/link.ts';
import { page, requireCursor } from '../http/paging.ts';
import { idempotencyKey, idempotently } from '../idempotency/idempotency.ts';
import type { ImageProcessor } from '../images/image-processor.ts';
import { findAvatar, listAvatars } from './avatar-repository.ts';
import { avatarResource } from './avatar-resource.ts';
import { avatarPreview, createAvatar, removeAvatar, requireAvatar } from './avatar-service.ts';

export function avatarHandlers(database: Database, images: ImageProcessor): Handlers['avatars'] {
  return {
    async list({ identity, query }) {
      const cursor = query.starting_after;
      await requireCursor(cursor, (id) => findAvatar(database, identity, id));
      const { scope = 'all', q, limit } = query;
      const rows = await listAvatars(database, identity, { scope, q, after: cursor, take: limit + 1 });
      return { status: 200, body: page(rows, limit, avatarResource) };
    },

    async create({ identity, body, header, signal, withoutDatabase }) {
      const key = idempotencyKey(header('idempotency-key'));
      // Outside of the transaction, so that no connection waits for the decoder.
      await withoutDatabase(() => images.check(identity.orgId, body.image, signal));
      const content = { ...body, image: createHash('sha256').update(body.image).digest('hex') };
      return idempotently(database, { tenant: identity, key, content }, async (tx) => {
        const avatar = avatarResource(await createAvatar(tx, identity, body));
        return {
          status: 202,
          headers: { Location: linkTo('avatars.get', { avatar_id: avatar.id }) },
          body: avatar,
        };
      });
    },

    async get({ identity, path }) {
      return {
        status: 200,
        body: avatarResource(await requireAvatar(database, identity, path.avatar_id)),
      };
    },

    async preview({ identity, path, header }) {
      const { image, isShared } = await avatarPreview(database, identity, path.avatar_id);
      const etag = entityTag(image);
      const headers = {
        ETag: etag,
        'Cache-Control': isShared ? 'public, max-age=3600' : 'private, max-age=300',
        // A shared cache must not serve one key's preview to another key.
        Vary: 'Authorization',
      };
      if (namesTag(header('if-none-match'), etag)) return { status: 304, headers };
      return { status: 200, headers, body: image };
    },

    async delete({ identity, path }) {
      await removeAvatar(database, identity, path.avatar_id);
      return { status: 204 };
    },
  };
}
