/**
 * Reads the results of tests, those of the oldest run first.
 *
 * - `files-with STATUS FILE...` prints the test files with a test of that status, one a line.
 * - `count STOPPED GENERATORS_LOG FILE...` prints failed and skipped tests, then "N passed, N failed". Exits with 1 if
 *   anything failed or nothing passed. STOPPED is the number of commands that exited before their tests had finished.
 */
import { readFileSync } from 'node:fs';

import { linesOf, mergeResults, readResults, withStatus } from './test-results.mjs';

const [command, ...args] = process.argv.slice(2);

if (command === 'files-with') {
  const [status, ...files] = args;
  const results = mergeResults(...files.map(readResults));
  for (const path of new Set(withStatus(results, status).map(({ path }) => path))) console.log(path);
} else if (command === 'count') {
  const [stopped, generatorsLog, ...files] = args;
  const runs = files.map(readResults);
  const results = mergeResults(...runs);
  const failedBefore = linesOf(runs.flat(), 'failed');
  const failed = linesOf(results, 'failed');

  const unstable = failedBefore.filter((line) => !failed.includes(line));
  if (unstable.length > 0) console.log(`\nfailed once, passed when run again:\n  ${unstable.join('\n  ')}`);
  const skipped = linesOf(results, 'skipped');
  if (skipped.length > 0) console.log(`\nskipped:\n  ${skipped.join('\n  ')}`);
  if (failed.length > 0) console.log(`\nfailed:\n  ${failed.join('\n  ')}`);

  // `pnpm generators` ends as Jest does: "Tests: 0 failed, 0 skipped, 264 passed, 264 total".
  const generated = (status) =>
    Number(
      new RegExp(String.raw`^Tests: .*?(\d+) ${status}`, 'm').exec(
        readFileSync(generatorsLog, 'utf8'),
      )?.[1] ?? 0,
    );
  const count = (status) => withStatus(results, status).length + generated(status);
  const passed = withStatus(results, 'passed').length;
  const failures = count('failed') + Number(stopped) + (passed === 0 ? 1 : 0);
  console.log(
    `${count('passed')} passed, ${failures} failed` +
      (count('skipped') > 0 ? `, ${count('skipped')} skipped` : ''),
  );
  process.exitCode = failures > 0 ? 1 : 0;
} else {
  throw new Error(`unknown command ${command}`);
}
