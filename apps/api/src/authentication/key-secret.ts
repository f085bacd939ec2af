import { hash, randomBytes } from 'node:crypto';

import type { KeyMode } from '@greenroom/contract';

const SECRET = /^(?:sk_(?:live|test)|wk)_[A-Za-z0-9_-]{43}$/;

export interface NewSecret {
  /** Shown once, never stored. */
  secret: string;
  hash: Buffer;
  /** Enough to recognise the key in a list. */
  hint: string;
}

/** A fresh key of 256 random bits. */
export function newSecret(kind: KeyMode | 'worker'): NewSecret {
  const prefix = kind === 'worker' ? 'wk' : `sk_${kind}`;
  const secret = `${prefix}_${randomBytes(32).toString('base64url')}`;
  return { secret, hash: hashSecret(secret), hint: `${prefix}_…${secret.slice(-4)}` };
}

/** Whether a string can be one of our keys at all: what cannot is refused without a look-up. */
export function isWellFormedSecret(secret: string): boolean {
  return SECRET.test(secret);
}

/** SHA-256 needs no salt or stretching here: the secret is 256 random bits, there is nothing to guess. */
export function hashSecret(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}
