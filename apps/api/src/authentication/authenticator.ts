import type { Database } from '@greenroom/database';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

import { currentTimeMs } from '../common/clock.ts';
import type { AnonymousIdentity, Identity } from '../contract/identity.ts';
import { ApiError } from '../errors/api-error.ts';
import { callerOf, type CallerConcurrency } from '../http/caller-concurrency.ts';
import type { AddressLimit } from '../rate-limits/rate-limit-middleware.ts';
import type { KeyCache } from './key-cache.ts';
import { findKeyByHash } from './key-repository.ts';
import { hashSecret, isWellFormedSecret } from './key-secret.ts';
import type { KeyUsage } from './key-usage.ts';

/** RFC 9110, section 11.6.1. */
const headers = { 'WWW-Authenticate': 'Bearer realm="greenroom"' };

export interface AuthenticationContext {
  database: Database;
  keyCache: KeyCache;
  keyUsage: KeyUsage;
  /** Limits the requests of a caller that use the database. */
  concurrency: CallerConcurrency;
  /** Limits all look-ups of unknown keys together, from any number of addresses. */
  lookUps: CallerConcurrency;
  addressLimit: AddressLimit;
}

/** Identifies callers. */
export interface Authentication {
  /** The step that identifies the caller of a request. */
  authenticate: RequestHandler;
  /** Identifies the caller again if a key or an organisation has changed since. */
  authenticateAgain: (request: Request) => Promise<void>;
}

/**
 * Returns the functions that identify the caller by its key. `authorize` decides whether it may call an operation.
 *
 * A key that this process does not know costs the caller's address twenty requests before the look-up in the database,
 * on every route, and one request when it is found. So the rate limit of the address rejects a flood of invented
 * keys. It does not apply to callers with a known key.
 */
export function authentication(context: AuthenticationContext): Authentication {
  const { keyCache, concurrency, lookUps, addressLimit } = context;
  return { authenticate, authenticateAgain };

  async function authenticate(request: Request, response: Response, next: NextFunction): Promise<void> {
    request.context.keyGeneration = keyCache.generation;
    const credential = credentialOf(request.get('authorization'));
    if (!('hash' in credential)) {
      addressLimit.take(request, response);
      request.context.identity = credential;
    } else if (keyCache.isTrusted(credential.hash)) {
      request.context.identity = await identityOf(context, credential.hash);
      // The key has expired or was revoked since then.
      if (request.context.identity.kind === 'anonymous') addressLimit.announce(request, response);
    } else {
      addressLimit.takeLookup(request, response);
      // Until then, the caller is identified by its address.
      let isUnknown = false;
      try {
        request.context.identity = await concurrency.run(callerOf(request), () =>
          lookUps.run('', () => identityOf(context, credential.hash)),
        );
        isUnknown = request.context.identity.kind === 'anonymous';
      } finally {
        // Refunds a failed look-up too, because the caller did not cause it.
        if (!isUnknown) addressLimit.refundLookup(request);
      }
    }
    next();
  }

  async function authenticateAgain(request: Request): Promise<void> {
    const { identity, keyGeneration } = request.context;
    if (identity.kind !== 'anonymous' && keyGeneration !== keyCache.generation) {
      request.context.identity = await identifyAgain(context, request.get('authorization'));
    }
  }
}

type KeyContext = Pick<AuthenticationContext, 'database' | 'keyCache' | 'keyUsage'>;

/** Identifies the caller of a request in progress again, by the same header: its key may have been revoked. */
export async function identifyAgain(context: KeyContext, header: string | undefined): Promise<Identity> {
  const credential = credentialOf(header);
  return 'hash' in credential ? identityOf(context, credential.hash) : credential;
}

async function identityOf({ database, keyCache, keyUsage }: KeyContext, hash: Buffer): Promise<Identity> {
  const key = await keyCache.get(hash, () => findKeyByHash(database, hash));
  if (key === null) {
    keyCache.distrust(hash);
    return anonymous(unknownKeyError());
  }
  if (key.revokedAt !== null) {
    keyCache.distrust(hash);
    return anonymous(new ApiError('api_key.revoked', { headers }));
  }
  if (key.expiresAt !== null && key.expiresAt.getTime() <= currentTimeMs()) {
    keyCache.distrust(hash);
    const values = { expired_at: key.expiresAt.toISOString() };
    return anonymous(new ApiError('api_key.expired', { values, headers }));
  }
  keyUsage.note(key.identity);
  return key.identity;
}

/** Returns the hash of a well-formed key, or an identity with the error of the header. */
function credentialOf(header: string | undefined): { hash: Buffer } | AnonymousIdentity {
  if (header === undefined || header.trim() === '') return anonymous(missingKeyError());
  const secret = secretOf(header);
  if (secret === undefined) {
    return anonymous(new ApiError('api_key.malformed', { situation: 'scheme', headers }));
  }
  if (!isWellFormedSecret(secret)) {
    return anonymous(new ApiError('api_key.malformed', { situation: 'key', headers }));
  }
  return { hash: hashSecret(secret) };
}

/**
 * Returns a function that returns the key by which requests are scheduled fairly, without a look-up: the API key if this
 * process knows it to be valid, otherwise the address. So requests with invented keys share the turn of their address.
 */
export function fairnessKeyOf(keyCache: KeyCache, addressOf: (ip: string | undefined) => string) {
  return (request: Pick<Request, 'get' | 'ip'>): string => {
    const hash = credentialHash(request.get('authorization'));
    return hash !== null && keyCache.isTrusted(hash)
      ? `key ${hash.toString('base64')}`
      : `address ${addressOf(request.ip)}`;
  };
}

/** Returns the hash of a well-formed key; null without one. Makes no error, because requests that wait are many. */
function credentialHash(header: string | undefined): Buffer | null {
  const secret = header === undefined ? undefined : secretOf(header);
  return secret !== undefined && isWellFormedSecret(secret) ? hashSecret(secret) : null;
}

function secretOf(header: string): string | undefined {
  return /^Bearer +(\S+)$/i.exec(header.trim())?.[1];
}

function anonymous(error: ApiError): AnonymousIdentity {
  return { kind: 'anonymous', error };
}

/** Returns the error of a request without a key. */
export function missingKeyError(): ApiError {
  return new ApiError('api_key.missing', { headers });
}

/** Returns the error of a request with a key that does not exist. */
export function unknownKeyError(): ApiError {
  return new ApiError('api_key.unknown', { headers });
}
