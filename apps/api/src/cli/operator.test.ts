import { hostname, userInfo } from 'node:os';

import { expect, test } from '@jest/globals';

import { operator } from './operator.ts';

test.each([
  ['the name that is set, before that of the caller of sudo', 'ada', 'grace', 'ada'],
  ['the user who called sudo, not root', undefined, 'grace', 'grace'],
  ['the user of the system where neither is set', undefined, undefined, userInfo().username],
  ['the user of the system where both are empty', '', '', userInfo().username],
])('the audit names %s', (_, given, caller, expected) => {
  const id = `${expected}@${hostname()}`;
  expect(operator({ GREENROOM_OPERATOR: given, SUDO_USER: caller })).toEqual({ kind: 'operator', id });
});

test('a name that is too long for the audit is cut off', () => {
  expect(operator({ GREENROOM_OPERATOR: 'x'.repeat(500) }).id).toBe('x'.repeat(200));
});
