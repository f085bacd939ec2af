import { hash, randomBytes } from 'node:crypto';

import { patterns, type KeyMode } from '@greenroom/contract';

const API_KEY = new RegExp(patterns.ApiKeyCreated.secret);
/** No operation creates worker keys, so the document has no pattern for them. */
const WORKER_KEY = /^wk_[A-Za-z0-9_-]{43}$/;

export interface NewSecret {
  /** Shown once and never stored. */
  secret: string;
  hash: Buffer;
  /** Identifies the key in a list. */
  hint: string;
}

/** Generates a key with 256 random bits. */
export function newSecret(kind: KeyMode | 'worker'): NewSecret {
  const prefix = kind === 'worker' ? 'wk' : `sk_${kind}`;
  const secret = `${prefix}_${randomBytes(32).toString('base64url')}`;
  return { secret, hash: hashSecret(secret), hint: `${prefix}_…${secret.slice(-4)}` };
}

/** Returns whether a string has the form of a key. Other strings are rejected without a look-up. */
export function isWellFormedSecret(secret: string): boolean {
  return API_KEY.test(secret) || WORKER_KEY.test(secret);
}

/** Hashes a secret. SHA-256 needs no salt or stretching, because 256 random bits cannot be guessed. */
export function hashSecret(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}
