import type { components, Scope } from '@greenroom/contract';
import type { ApiKey, Database } from '@greenroom/database';

import { keyActor } from '../audit/audit-repository.ts';
import { unknownKeyError } from '../authentication/authenticator.ts';
import { currentTimeMs } from '../common/clock.ts';
import { createdAt } from '../common/ids.ts';
import type { Handlers } from '../contract/handlers.ts';
import type { CustomerIdentity } from '../contract/identity.ts';
import { parseDateTime } from '../document/date-time.ts';
import { linkTo } from '../document/link.ts';
import { ApiError } from '../errors/api-error.ts';
import { allOf } from '../errors/message-text.ts';
import { page, requireCursor } from '../http/paging.ts';
import { idempotencyKey, idempotently, type ResponseCipher } from '../idempotency/idempotency.ts';
import { findApiKey, listApiKeys, revokeApiKey } from './api-key-repository.ts';
import { createApiKeyWithinLimit } from './api-key-service.ts';

export function apiKeyHandlers(database: Database, cipher: ResponseCipher): Handlers['apiKeys'] {
  return {
    async list({ identity, query }) {
      const cursor = query.starting_after;
      await requireCursor(cursor, (id) => findApiKey(database, identity, id));
      const rows = await listApiKeys(database, identity, { before: cursor, take: query.limit + 1 });
      return { status: 200, body: page(rows, query.limit, apiKeyResource) };
    },

    async current({ identity }) {
      const key = await findApiKey(database, identity, identity.keyId);
      // Its organisation can be erased between the authentication and this look-up.
      if (key === null) throw unknownKeyError();
      return { status: 200, body: apiKeyResource(key) };
    },

    async create({ identity, body, header }) {
      const idempotency = idempotencyKey(header('idempotency-key'));
      const expiresAt = body.expires_at == null ? null : futureInstant(body.expires_at);
      requireOwnScopes(identity, body.scopes);
      await requireOwnExpiry(database, identity, expiresAt);
      const { name, scopes } = body;
      const request = { tenant: identity, key: idempotency, content: { apiKey: body }, cipher };
      return idempotently(database, request, async (tx) => {
        const given = { name, scopes, expiresAt };
        const { key, secret } = await createApiKeyWithinLimit(tx, identity, given, keyActor(identity));
        return {
          status: 201,
          headers: { Location: linkTo('apiKeys.delete', { api_key_id: key.id }) },
          body: { ...apiKeyResource(key), secret },
        };
      });
    },

    async delete({ identity, path }) {
      if (await revokeApiKey(database, identity, path.api_key_id, keyActor(identity))) return { status: 204 };
      throw new ApiError('api_key.not_found', {
        values: { api_key_id: path.api_key_id },
        param: 'api_key_id',
      });
    },
  };
}

/** @throws {ApiError} 403 when the calling key lacks a scope that it grants */
function requireOwnScopes({ scopes }: CustomerIdentity, granted: readonly Scope[]): void {
  const lacking = granted.filter((scope) => !scopes.has(scope));
  if (lacking.length === 0) return;
  throw new ApiError('api_key.grant_exceeded', {
    situation: 'scopes',
    values: { scopes: allOf(lacking) },
    param: 'scopes',
  });
}

/** @throws {ApiError} 403 when the new key would outlive the calling key */
async function requireOwnExpiry(
  database: Database,
  identity: CustomerIdentity,
  expiresAt: Date | null,
): Promise<void> {
  const caller = await findApiKey(database, identity, identity.keyId);
  const latest = caller?.expiresAt ?? null;
  if (latest === null || (expiresAt !== null && expiresAt <= latest)) return;
  throw new ApiError('api_key.grant_exceeded', {
    situation: 'expiry',
    values: { expires_at: latest.toISOString() },
    param: 'expires_at',
  });
}

function futureInstant(text: string): Date {
  const time = parseDateTime(text);
  if (time !== null && time.getTime() > currentTimeMs()) return time;
  throw new ApiError('body.invalid', { situation: 'past', values: { sent: text }, param: 'expires_at' });
}

/** Returns a key as the document describes it. */
export function apiKeyResource(key: ApiKey): components['schemas']['ApiKey'] {
  return {
    id: key.id,
    object: 'api_key',
    name: key.name,
    mode: key.mode,
    scopes: key.scopes,
    hint: key.hint,
    created_at: createdAt(key.id).toISOString(),
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    expires_at: key.expiresAt?.toISOString() ?? null,
  };
}
