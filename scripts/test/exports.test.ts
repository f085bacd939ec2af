import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { files, manifests } from './repository.ts';

test('every export of a package has a source file', () => {
  const sources = [...manifests()].flatMap(([folder, { exports = {} }]) =>
    Object.values(exports).flatMap((target) => {
      const source = typeof target === 'string' ? target : target['@greenroom/source'];
      return source === undefined ? [] : [join(folder, source)];
    }),
  );
  expect(sources).not.toEqual([]);
  // Git expands the wildcard of a pattern such as ./testing/*.
  expect(sources.filter((source) => files(source).length === 0)).toEqual([]);
});
