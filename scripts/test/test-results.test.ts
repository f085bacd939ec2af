import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { skippable } from '@greenroom/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import TestReporter from '../test-reporter.mjs';
import { linesOf, mergeResults, readResults } from '../test-results.mjs';
import { root } from './repository.ts';

const PATH = 'apps/worker/test/one.test.ts';

describe('the reporter', () => {
  let folder: string;
  const before = process.env['GREENROOM_TEST_RESULTS'] ?? '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'greenroom-results-'));
  });
  afterEach(() => {
    process.env['GREENROOM_TEST_RESULTS'] = before;
    rmSync(folder, { recursive: true });
  });

  function reported(file: {
    testResults: { status: string; ancestorTitles: string[]; title: string }[];
    testExecError?: unknown;
  }) {
    const results = join(folder, 'results');
    process.env['GREENROOM_TEST_RESULTS'] = results;
    new TestReporter().onRunComplete(null, { testResults: [{ testFilePath: join(root, PATH), ...file }] });
    return readResults(results);
  }

  test('writes each test with its status, and a skipped suite by its name and reason', () => {
    const suite = skippable('in a room', 'no server');
    expect(
      reported({
        testResults: [
          { status: 'passed', ancestorTitles: ['elsewhere'], title: 'works' },
          { status: 'failed', ancestorTitles: [], title: 'breaks' },
          { status: 'pending', ancestorTitles: [suite, 'cut off'], title: 'comes back' },
          { status: 'pending', ancestorTitles: ['guides'], title: 'forgotten' },
          { status: 'todo', ancestorTitles: [], title: 'later' },
        ],
      }),
    ).toEqual([
      { path: PATH, name: 'elsewhere › works', status: 'passed' },
      { path: PATH, name: 'breaks', status: 'failed' },
      { path: PATH, name: 'in a room', status: 'skipped', reason: 'no server' },
      { path: PATH, name: 'guides › forgotten', status: 'skipped', reason: null },
      { path: PATH, name: 'later', status: 'skipped', reason: null },
    ]);
  });

  test('reports a file that cannot run as failed', () => {
    expect(reported({ testResults: [], testExecError: new Error('cannot find module') })).toEqual([
      { path: PATH, name: 'the file could not be run', status: 'failed' },
    ]);
  });
});

const result = (name: string, status: 'passed' | 'failed' | 'skipped', reason: string | null = null) => ({
  path: PATH,
  name,
  status,
  reason,
});

test('each skipped suite is one line with its number of tests and its reason', () => {
  const skipped = result('in a room', 'skipped', 'no server');
  expect(linesOf([skipped, skipped, result('joins', 'passed')], 'skipped')).toEqual([
    `${PATH}: in a room (2 tests): no server`,
  ]);
});

describe('merged runs', () => {
  test('have the last result of each test', () => {
    expect(mergeResults([result('joins', 'failed')], [result('joins', 'passed')])).toEqual([
      result('joins', 'passed'),
    ]);
    expect(mergeResults([result('joins', 'passed')], [result('joins', 'failed')])).toEqual([
      result('joins', 'failed'),
    ]);
  });

  test('count a test that ran in one of them as run', () => {
    const asUser = [result('as root', 'skipped', 'it needs root'), result('as a user › starts', 'passed')];
    const asRoot = [result('as root › starts', 'passed'), result('as a user', 'skipped', 'it needs a user')];
    for (const runs of [
      [asUser, asRoot],
      [asRoot, asUser],
    ]) {
      expect(mergeResults(...runs).map(({ status }) => status)).toEqual(['passed', 'passed']);
    }
  });

  test('drop the failure of a file once it has run', () => {
    const stopped = [result('the file could not be run', 'failed')];
    expect(mergeResults(stopped, [result('joins', 'passed')])).toEqual([result('joins', 'passed')]);
  });
});
