import { hostname, userInfo } from 'node:os';

import { afterEach, expect, test } from '@jest/globals';

import { operator } from './operator.ts';

const NAMES = ['GREENROOM_OPERATOR', 'SUDO_USER'] as const;
const original = NAMES.map((name) => [name, process.env[name]] as const);

afterEach(() => {
  for (const [name, value] of original) set(name, value);
});

function set(name: string, value: string | undefined): void {
  if (value === undefined) Reflect.deleteProperty(process.env, name);
  else process.env[name] = value;
}

test.each([
  ['the name that is set, before that of the caller of sudo', 'ada', 'grace', 'ada'],
  ['the user who called sudo, not root', undefined, 'grace', 'grace'],
  ['the user of the system where neither is set', undefined, undefined, userInfo().username],
  ['the user of the system where both are empty', '', '', userInfo().username],
])('the audit names %s', (_, given, caller, expected) => {
  set('GREENROOM_OPERATOR', given);
  set('SUDO_USER', caller);
  expect(operator()).toEqual({ kind: 'operator', id: `${expected}@${hostname()}` });
});

test('a name that is too long for the audit is cut off', () => {
  set('GREENROOM_OPERATOR', 'x'.repeat(500));
  expect(operator().id).toBe('x'.repeat(200));
});
