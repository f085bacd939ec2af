import type { Scope } from '@greenroom/contract';
import type { Database } from '@greenroom/database';
import type { NextFunction, Request, Response } from 'express';

import { currentTimeMs } from '../clock.ts';
import { ApiError } from '../http/api-error.ts';
import { callerOf } from '../http/caller.ts';
import type { CallerTurns } from '../http/caller-turns.ts';
import type { AddressLimit } from '../rate-limits/rate-limit-middleware.ts';
import type { AnonymousIdentity, Identity } from './identity.ts';
import type { KeyCache } from './key-cache.ts';
import { findKeyByHash } from './key-repository.ts';
import { hashSecret, isWellFormedSecret } from './key-secret.ts';
import type { KeyUsage } from './key-usage.ts';

const HOW_TO = 'Send it as "Authorization: Bearer sk_…".';

export interface AuthenticationContext {
  database: Database;
  keyCache: KeyCache;
  keyUsage: KeyUsage;
  /** At the database. */
  turns: CallerTurns;
  addressLimit: AddressLimit;
}

/**
 * Establishes who calls. Whether they may is decided by `authorize`, from the operation's `security`.
 *
 * A key that this process does not know costs the caller's address twenty requests before it costs the database a look-up,
 * on every route, and one when it is found: a flood of invented keys ends at the limiter, and callers with a known
 * key never meet it.
 */
export function identify(context: AuthenticationContext) {
  const { database, keyCache, keyUsage, turns, addressLimit } = context;
  return async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const credential = credentialOf(request.get('authorization'));
    if (!('hash' in credential)) {
      addressLimit.take(request, response);
      request.context.identity = credential;
    } else if (keyCache.isTrusted(credential.hash)) {
      request.context.identity = await identityOf(credential.hash);
    } else {
      addressLimit.takeLookUp(request, response);
      // Until its key is known the caller is its address.
      let isUnknown = false;
      try {
        request.context.identity = await turns.run(callerOf(request), () => identityOf(credential.hash));
        isUnknown = request.context.identity.kind === 'anonymous';
      } finally {
        // Also where it could not be looked up, which is not the caller's fault.
        if (!isUnknown) addressLimit.giveBackLookUp(request);
      }
    }
    next();
  };

  async function identityOf(hash: Buffer): Promise<Identity> {
    const key = await keyCache.get(hash, () => findKeyByHash(database, hash));
    if (key === null)
      return anonymous(
        'api_key.unknown',
        'No such API key exists here. Check that it was copied whole and belongs to this server.',
      );
    if (key.revokedAt !== null) {
      keyCache.distrust(hash);
      return anonymous('api_key.revoked', 'This API key was revoked. Use another key, or create one.');
    }
    if (key.expiresAt !== null && key.expiresAt.getTime() <= currentTimeMs()) {
      keyCache.distrust(hash);
      return anonymous(
        'api_key.expired',
        `This API key expired at ${key.expiresAt.toISOString()}. Create a new one.`,
      );
    }
    keyUsage.note(key.identity);
    return key.identity;
  }
}

/** The hash of a well-formed key, or what is wrong with what was sent. */
function credentialOf(header: string | undefined): { hash: Buffer } | AnonymousIdentity {
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
  return { hash: hashSecret(secret) };
}

function anonymous(
  code: 'api_key.missing' | 'api_key.malformed' | 'api_key.unknown' | 'api_key.revoked' | 'api_key.expired',
  message: string,
): AnonymousIdentity {
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
