import { randomBytes, timingSafeEqual } from 'node:crypto';

/** The keys that a code signs in with. */
export interface SignInKeys {
  test_key: string;
  live_key: string;
}

const CODE_BYTES = 16;
const LIFETIME_MS = 10 * 60_000;
/** A reload of the page, another browser, and a preview of the link by the terminal also use the code. */
const MAX_USES = 5;

interface Issued {
  code: Buffer;
  keys: SignInKeys;
  expiresAtMs: number;
  uses: number;
}

/**
 * The code of the link that `start` prints, which signs in to the console. It keeps the keys out of addresses and
 * history. It is valid for ten minutes and five uses, in one process.
 */
export class SignInCodes {
  #issued: Issued | null = null;
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Returns a random code for these keys. An earlier one is no longer valid. */
  issue(keys: SignInKeys): string {
    const code = randomBytes(CODE_BYTES).toString('base64url');
    this.#issued = { code: Buffer.from(code), keys, expiresAtMs: this.#now() + LIFETIME_MS, uses: 0 };
    return code;
  }

  /** Returns the keys of a code; null when it is unknown, expired or used up. */
  exchange(code: string): SignInKeys | null {
    const issued = this.#issued;
    const given = Buffer.from(code);
    if (given.length !== issued?.code.length || !timingSafeEqual(given, issued.code)) {
      return null;
    }
    issued.uses += 1;
    if (issued.uses <= MAX_USES && this.#now() < issued.expiresAtMs) return issued.keys;
    this.#issued = null;
    return null;
  }
}
