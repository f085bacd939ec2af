import { expect, test } from '@jest/globals';

import { currentRuntimeType } from './runtime-type.ts';

test.each([
  ['bringup', 'livekit'],
  ['livekit', 'livekit'],
  ['simulator', 'simulator'],
  ['constructor', 'constructor'],
])('the present name of %s is %s', (stored, present) => {
  expect(currentRuntimeType(stored)).toBe(present);
});
