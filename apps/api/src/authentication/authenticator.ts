import type { Scope } from '@greenroom/contract';
import type { Database } from '@greenroom/database';
import type { NextFunction, Request, Response } from 'express';

import { ApiError } from '../http/api-error.ts';
import type { Identity } from './identity.ts';
import type { KeyCache } from './key-cache.ts';
import { findKeyByHash } from './key-repository.ts';
import { hashSecret, isWellFormedSecret } from './key-secret.ts';
import type { KeyUsage } from './key-usage.ts';

const HOW_TO = 'Send it as "Authorization: Bearer sk_…".';

/** Establishes who calls. Whether they may is decided by `authorize`, from the operation's `security`. */
export function identify(database: Database, cache: KeyCache, usage: KeyUsage) {
  return async (request: Request, _response: Response, next: NextFunction): Promise<void> => {
    request.context.identity = await identityOf(request.get('authorization'));
    next();
  };

  async function identityOf(header: string | undefined): Promise<Identity> {
    if (header === undefined || header.trim() === '')
      return anonymous('api_key.missing', `This request carries no API key. ${HOW_TO}`);
    const secret = /^Bearer +(\S+)$/i.exec(header.trim())?.[1];
    if (secret === undefined) {
      return anonymous('api_key.malformed', `The Authorization header is not a bearer key. ${HOW_TO}`);
    }
    if (!isWellFormedSecret(secret)) {
      return anonymous(
        'api_key.malformed',
        'This is not a Greenroom key: keys begin with sk_live_, sk_test_ or wk_ and are complete only with all their characters. Copy the whole key again.',
      );
    }
    const hash = hashSecret(secret);
    const key = await cache.get(hash, () => findKeyByHash(database, hash));
    if (key === null)
      return anonymous(
        'api_key.unknown',
        'No such API key exists here. Check that it was copied whole and belongs to this server.',
      );
    if (key.revokedAt !== null)
      return anonymous('api_key.revoked', 'This API key was revoked. Use another key, or create one.');
    if (key.expiresAt !== null && key.expiresAt.getTime() <= Date.now()) {
      return anonymous(
        'api_key.expired',
        `This API key expired at ${key.expiresAt.toISOString()}. Create a new one.`,
      );
    }
    usage.note(key.identity.keyId);
    return key.identity;
  }
}

function anonymous(
  code: 'api_key.missing' | 'api_key.malformed' | 'api_key.unknown' | 'api_key.revoked' | 'api_key.expired',
  message: string,
): Identity {
  return {
    kind: 'anonymous',
    error: new ApiError(code, { message, headers: { 'WWW-Authenticate': 'Bearer realm="greenroom"' } }),
  };
}

/**
 * The document's security scheme, kept: null when the identity satisfies it, else the refusal.
 * `scopes` are those of the operation's security requirement.
 */
export function authorize(
  scheme: 'customer' | 'worker',
  identity: Identity,
  scopes: readonly string[],
): ApiError | null {
  if (identity.kind === 'anonymous') {
    return (
      identity.error ??
      new ApiError('api_key.missing', { message: `This request carries no API key. ${HOW_TO}` })
    );
  }
  if (identity.kind !== scheme) {
    return new ApiError('api_key.wrong_kind', {
      message:
        scheme === 'customer'
          ? 'This is a worker key (wk_…); this operation takes a customer key (sk_live_… or sk_test_…).'
          : 'This is a customer key; this operation is for workers and takes a worker key (wk_…).',
    });
  }
  if (identity.kind === 'worker') return null;
  const missing = scopes.filter((scope) => !identity.scopes.has(scope as Scope));
  if (missing.length === 0) return null;
  return new ApiError('api_key.scope_required', {
    message: `This key lacks the scope ${missing.join(', ')}. Use a key that has it, or create one with it.`,
  });
}
