import type { Request } from 'express';

import { credentialHash } from './authenticator.ts';
import type { KeyCache } from './key-cache.ts';

/**
 * Returns a function that names the caller whose turn a request takes, without a look-up: a key that this process knows
 * to be valid, or else the address, so that invented keys share one turn.
 */
export function turnOf(keyCache: KeyCache, addressOf: (ip: string | undefined) => string) {
  return (request: Pick<Request, 'get' | 'ip'>): string => {
    const hash = credentialHash(request.get('authorization'));
    return hash !== null && keyCache.isTrusted(hash)
      ? `key ${hash.toString('base64')}`
      : `address ${addressOf(request.ip)}`;
  };
}
