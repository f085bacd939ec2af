import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { skippable } from '@greenroom/testing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

import SkippedTestsReporter from '../skipped-tests-reporter.mjs';
import { root } from './repository.ts';

let folder: string;
const before = process.env['GREENROOM_SKIPPED_TESTS'] ?? '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenroom-skipped-'));
});
afterEach(() => {
  process.env['GREENROOM_SKIPPED_TESTS'] = before;
  rmSync(folder, { recursive: true });
});

function reported(...testResults: { status: string; ancestorTitles: string[]; title: string }[]): unknown[] {
  const file = join(folder, 'skipped');
  process.env['GREENROOM_SKIPPED_TESTS'] = file;
  const result = { testFilePath: join(root, 'apps/worker/test/one.test.ts'), testResults };
  new SkippedTestsReporter().onRunComplete(null, { testResults: [result] });
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as unknown);
}

test('a suite that is skipped is named once, with its reason and the number of its tests', () => {
  const suite = skippable('in a room', 'no server');
  expect(
    reported(
      { status: 'pending', ancestorTitles: [suite], title: 'joins' },
      { status: 'pending', ancestorTitles: [suite, 'cut off'], title: 'comes back' },
      { status: 'passed', ancestorTitles: ['elsewhere'], title: 'works' },
    ),
  ).toEqual([{ path: 'apps/worker/test/one.test.ts', name: 'in a room', tests: 2, reason: 'no server' }]);
});

test('a test that is skipped is named, also where it has no reason', () => {
  expect(
    reported(
      { status: 'pending', ancestorTitles: ['guides'], title: skippable('run:\ncurl x', 'no curl') },
      { status: 'pending', ancestorTitles: ['guides'], title: 'forgotten' },
      { status: 'todo', ancestorTitles: [], title: 'later' },
    ),
  ).toMatchObject([
    { name: 'guides › run: curl x', tests: 1, reason: 'no curl' },
    { name: 'guides › forgotten', tests: 1, reason: null },
    { name: 'later', tests: 1, reason: null },
  ]);
});
