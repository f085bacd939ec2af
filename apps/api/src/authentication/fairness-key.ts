import type { Request } from 'express';

import { credentialHash } from './authenticator.ts';
import type { KeyCache } from './key-cache.ts';

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
