import { expect, test } from '@jest/globals';

import { retryAfterMs } from './retry-after.ts';

const NOW = Date.parse('2026-03-12T09:30:00Z');

test.each([
  ['a number of seconds', { 'retry-after': '7' }, 7000],
  ['a date, compared with the local clock', { 'retry-after': 'Thu, 12 Mar 2026 09:30:10 GMT' }, 10_000],
  [
    "a date, compared with the server's clock where it is known",
    { 'retry-after': 'Thu, 12 Mar 2026 10:00:05 GMT', date: 'Thu, 12 Mar 2026 10:00:00 GMT' },
    5000,
  ],
  ['a past date, which means no wait', { 'retry-after': 'Thu, 12 Mar 2026 09:00:00 GMT' }, 0],
  ['undefined when it is absent', {}, undefined],
  ['undefined when it is malformed', { 'retry-after': 'soon' }, undefined],
  ['a negative number, which means no wait', { 'retry-after': '-5' }, 0],
])('Retry-After is read as %s', (_, headers, expected) => {
  expect(retryAfterMs(new Headers(headers as Record<string, string>), NOW)).toBe(expected);
});
