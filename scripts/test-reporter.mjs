import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** The format of `skippable` in @greenroom/testing. */
const REASON = / \[skipped: (.*)\]$/;

/**
 * Adds a line of JSON for each test to the file that `GREENROOM_TEST_RESULTS` names; `test-results.mjs` reads them. Jest
 * loads a reporter by its default export.
 */
export default class TestReporter {
  onRunComplete(_contexts, { testResults: files }) {
    const file = process.env.GREENROOM_TEST_RESULTS ?? '';
    if (file === '') return;
    for (const { testFilePath, testResults, testExecError } of files) {
      const path = relative(ROOT, testFilePath);
      const results = testResults.map((test) => ({ path, ...resultOf(test) }));
      if (testExecError) results.push({ path, name: 'the file could not be run', status: 'failed' });
      appendFileSync(file, results.map((result) => `${JSON.stringify(result)}\n`).join(''));
    }
  }
}

/**
 * Returns the result of a test. The name of a test in a skipped suite ends with the suite's reason, so that all share
 * it.
 */
function resultOf({ status, ancestorTitles, title }) {
  const titles = [...ancestorTitles, title];
  const name = (parts) => parts.join(' › ').replaceAll(/\s+/g, ' ');
  if (status === 'passed' || status === 'failed') return { name: name(titles), status };
  const named = titles.findIndex((text) => REASON.test(text));
  if (named < 0) return { name: name(titles), status: 'skipped', reason: null };
  const [, reason] = REASON.exec(titles[named]);
  return { name: name(titles.slice(0, named + 1)).replace(REASON, ''), status: 'skipped', reason };
}
