import { randomBytes } from 'node:crypto';

import type { Tenant } from '../common/tenant.ts';
import type { TokenCipher } from '../sessions/token-cipher.ts';

/** As Standard Webhooks recommends: from 24 to 64 bytes. */
const SECRET_BYTES = 24;

/** Returns a new signing secret: `whsec_` and base64. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

type EndpointKey = Tenant & { id: string };

export function sealSecret(
  cipher: TokenCipher,
  endpoint: EndpointKey,
  secret: string,
): Uint8Array<ArrayBuffer> {
  return cipher.seal(secret, nameOf(endpoint));
}

/** @throws {Error} when it was encrypted with another key */
export function openSecret(cipher: TokenCipher, endpoint: EndpointKey, sealed: Uint8Array): string {
  return cipher.open(sealed, nameOf(endpoint));
}

function nameOf({ orgId, mode, id }: EndpointKey): string {
  return `webhook secret ${orgId} ${mode} ${id}`;
}
