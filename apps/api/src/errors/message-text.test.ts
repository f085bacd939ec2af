import { expect, test } from '@jest/globals';

import { truncate } from './message-text.ts';

test.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'ab…'],
  ['a😀b', 3, 'a…'],
  ['a😀bc', 4, 'a😀…'],
])('%j is shortened to %d code units as %j', (text, length, shown) => {
  expect(truncate(text, length)).toBe(shown);
});
