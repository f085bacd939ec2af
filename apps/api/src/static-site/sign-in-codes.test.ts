import { expect, test } from '@jest/globals';

import { SignInCodes } from './sign-in-codes.ts';

const KEYS = { test_key: 'sk_test_example', live_key: 'sk_live_example' };

test('a code is exchanged for its keys five times within ten minutes, and not longer', () => {
  let now = 0;
  const codes = new SignInCodes(() => now);
  expect(codes.exchange('')).toBeNull();
  const replaced = codes.issue(KEYS);
  const code = codes.issue(KEYS);
  expect(code).toMatch(/^[\w-]{22}$/);
  expect(codes.exchange(replaced)).toBeNull();
  for (let use = 1; use <= 5; use += 1) expect(codes.exchange(code)).toEqual(KEYS);
  expect(codes.exchange(code)).toBeNull();

  const late = codes.issue(KEYS);
  now = 10 * 60_000;
  expect(codes.exchange(late)).toBeNull();
});
