import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { loadTokenKey } from './token-key.ts';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'greenroom-token-key-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

test('concurrent first starts have one key, which no other user can read', async () => {
  const keys = await Promise.all([1, 2, 3].map(() => loadTokenKey(dataDir)));
  expect(keys[0]).toHaveLength(32);
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
  expect(await readdir(dataDir)).toEqual(['token.key']);
  expect((await stat(join(dataDir, 'token.key'))).mode & 0o777).toBe(0o600);
});

test.each([
  ['empty', ''],
  ['cut off', 'c2hvcnQ='],
])('a file that is %s is rejected with instructions', async (_name, content) => {
  await writeFile(join(dataDir, 'token.key'), content);
  await expect(loadTokenKey(dataDir)).rejects.toThrow('does not hold a whole key');
});
