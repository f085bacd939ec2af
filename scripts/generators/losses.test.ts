import { expect, test } from '@jest/globals';

import { losses } from './losses.ts';

test('a body that is written unchanged has no losses, and may have additional fields', () => {
  const body = { id: 'a', list: [{ none: null }], at: '2026-03-12T09:30:00.120Z' };
  const written = { id: 'a', list: [{ none: null, more: 1 }], at: '2026-03-12T09:30:00.12+00:00', more: 2 };
  expect(losses(body, written)).toEqual([]);
});

test.each([
  ['a null that is left out', { failure: null }, {}, '/failure: nothing and not null'],
  ['another value', { a: { b: [1, 2] } }, { a: { b: [1, 3] } }, '/a/b/1: 3 and not 2'],
  ['another moment', { at: '2026-03-12T09:30:00.125Z' }, { at: '2026-03-12T09:30:00Z' }, '/at: '],
  ['an object for an array', { list: [] }, { list: {} }, '/list: {} and not []'],
  ['nothing for an object', { usage: {} }, { usage: null }, '/usage: null and not {}'],
])('%s is a loss', (_, body, written, message) => {
  expect(losses(body, written)).toEqual([expect.stringContaining(message)]);
});
