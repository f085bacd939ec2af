import { expect, test } from '@jest/globals';

import { hashToken, TokenCipher } from './token-cipher.ts';

const cipher = new TokenCipher(Buffer.alloc(32, 1));
const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.e30.signature';

test('a sealed token opens for the same session', () => {
  expect(cipher.open(cipher.seal(TOKEN, 'sess_1'), 'sess_1')).toBe(TOKEN);
  expect(cipher.open(cipher.seal('', 'sess_1'), 'sess_1')).toBe('');
});

test('a sealed token contains no part of the token and differs each time', () => {
  const [one, other] = [cipher.seal(TOKEN, 'sess_1'), cipher.seal(TOKEN, 'sess_1')];
  expect(Buffer.from(one).includes('eyJ')).toBe(false);
  expect(Buffer.from(one).equals(Buffer.from(other))).toBe(false);
});

test('a sealed token does not open with another key, for another session or when it was changed', () => {
  const sealed = cipher.seal(TOKEN, 'sess_1');
  expect(() => new TokenCipher(Buffer.alloc(32, 2)).open(sealed, 'sess_1')).toThrow();
  expect(() => cipher.open(sealed, 'sess_2')).toThrow();
  for (const at of [0, 12, 28, sealed.length - 1]) {
    const changed = Uint8Array.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => cipher.open(changed, 'sess_1')).toThrow();
  }
  expect(() => cipher.open(sealed.subarray(0, 20), 'sess_1')).toThrow();
});

test('a key of another length is rejected', () => {
  for (const length of [0, 16, 31, 33]) {
    expect(() => new TokenCipher(Buffer.alloc(length))).toThrow(RangeError);
  }
});

test('a token is recognised by its hash', () => {
  expect(hashToken(TOKEN)).toEqual(hashToken(TOKEN));
  expect(hashToken(TOKEN)).not.toEqual(hashToken(`${TOKEN}x`));
});
