import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** Bytes of an AES-256 key, of the nonce and of the tag (NIST SP 800-38D). */
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts worker tokens, and stored responses with a secret, by AES-256-GCM. A ciphertext is bound to the name of its
 * row, so that it does not open when it is copied to another row.
 */
export class TokenCipher {
  readonly #key: Buffer;

  /** @throws {RangeError} when the key is not 32 bytes */
  constructor(key: Buffer) {
    if (key.length !== KEY_BYTES) {
      throw new RangeError(`The token key must be ${KEY_BYTES} bytes, not ${key.length}`);
    }
    this.#key = key;
  }

  seal(text: string, name: string): Uint8Array<ArrayBuffer> {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    cipher.setAAD(Buffer.from(name));
    const sealed = [cipher.update(text, 'utf8'), cipher.final()];
    return new Uint8Array(Buffer.concat([nonce, cipher.getAuthTag(), ...sealed]));
  }

  /** @throws {Error} when the bytes were sealed with another key or name, or were changed */
  open(sealed: Uint8Array, name: string): string {
    const bytes = Buffer.from(sealed);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(name));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([
      decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)),
      decipher.final(),
    ]).toString('utf8');
  }
}

/** Returns the hash by which a retried create recognises its session. */
export function hashToken(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(token).digest());
}
