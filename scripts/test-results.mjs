/**
 * Reads the results of Jest's reporter: a line of JSON for each test, with its file, name, status and reason to be
 * skipped.
 */
import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ path: string, name: string, status: 'passed' | 'failed' | 'skipped', reason?: string | null }} TestResult */

/**
 * Returns the results in a file of the reporter; none if there is no such file.
 *
 * @param {string} file
 * @returns {TestResult[]}
 */
export function readResults(file) {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/**
 * Merges the results of several runs, oldest first. The last result of a test counts; a test that ran in one run and
 * was skipped in another counts as run.
 *
 * @param {...TestResult[]} runs
 * @returns {TestResult[]}
 */
export function mergeResults(...runs) {
  const merged = new Map();
  for (const run of runs) {
    for (const path of new Set(run.map((result) => result.path))) {
      const results = run.filter((result) => result.path === path);
      const ran = new Set(results.filter(({ status }) => status !== 'skipped').map(({ name }) => name));
      const kept = (merged.get(path) ?? []).filter(
        ({ name, status }) => status === 'passed' && !ran.has(name),
      );
      const isKept = (skipped) =>
        kept.some(({ name }) => name === skipped || name.startsWith(`${skipped} › `));
      merged.set(path, [
        ...kept,
        ...results.filter(({ name, status }) => status !== 'skipped' || !isKept(name)),
      ]);
    }
  }
  return [...merged.values()].flat();
}

/** Returns the results of a status. */
export const withStatus = (results, status) => results.filter((result) => result.status === status);

/** Returns a line for each failed test, or for each skipped test or suite, with its reason and the number of tests. */
export function linesOf(results, status) {
  const counts = new Map();
  for (const { path, name, reason } of withStatus(results, status)) {
    const line = `${path}: ${name}`;
    const { tests = 0 } = counts.get(line) ?? {};
    counts.set(line, { tests: tests + 1, reason });
  }
  return [...counts].map(([line, { tests, reason }]) => {
    const counted = tests > 1 ? `${line} (${tests} tests)` : line;
    return status === 'skipped' ? `${counted}: ${reason ?? 'without a reason'}` : counted;
  });
}
