import { nodeArguments } from '@greenroom/testing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const before = process.env['GREENROOM_TEST_BUILT'] ?? '';

beforeEach(() => {
  process.env['GREENROOM_TEST_BUILT'] = '1';
});
afterEach(() => {
  process.env['GREENROOM_TEST_BUILT'] = before;
});

test.each([
  ['/srv/src/greenroom/apps/api/src/cli/greenroom.ts', '/srv/src/greenroom/apps/api/dist/cli/greenroom.js'],
  ['apps/worker/src/main.ts', 'apps/worker/dist/main.js'],
  ['/srv/src/greenroom/apps/docs/guides-1/first.mjs', '/srv/src/greenroom/apps/docs/guides-1/first.mjs'],
])('the program of %s is run as it was built', (file, built) => {
  expect(nodeArguments(file)).toEqual([built]);
});

test.each(['/srv/src/greenroom/apps/worker/test/harness/agent-program.ts', 'apps/worker/src/main.ts'])(
  '%s is run from source',
  (file) => {
    if (file.includes('worker/src')) process.env['GREENROOM_TEST_BUILT'] = '';
    expect(nodeArguments(file)).toEqual(['--import', 'tsx', '--conditions=@greenroom/source', file]);
  },
);
