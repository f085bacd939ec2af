import { expect, test } from '@jest/globals';

import { read } from './repository.ts';

test('every extension in the public document is explained in its description', () => {
  const document = JSON.parse(read('packages/contract/src/generated/openapi.public.json')) as object;
  const explained = read('openapi/info.md').split('## Extensions')[1] ?? '';
  const unexplained = [...extensionsOf(document)].filter((name) => !explained.includes(`\`${name}\``));
  expect(unexplained).toEqual([]);
});

/** Returns the names of fields that begin with `x-`. Names of headers begin with `X-`. */
function extensionsOf(node: unknown, found = new Set<string>()): Set<string> {
  if (typeof node !== 'object' || node === null) return found;
  for (const [key, value] of Object.entries(node)) {
    if (key.startsWith('x-')) found.add(key);
    extensionsOf(value, found);
  }
  return found;
}
