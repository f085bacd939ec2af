import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** As `skippable` of @greenroom/testing writes it. */
const REASON = / \[skipped: (.*)\]$/;

/**
 * Adds to the file that `GREENROOM_SKIPPED_TESTS` names a line of JSON for each suite or test that is skipped, with its
 * reason. Jest loads a reporter by its default export.
 */
export default class SkippedTestsReporter {
  onRunComplete(_contexts, { testResults: files }) {
    const file = process.env.GREENROOM_SKIPPED_TESTS ?? '';
    if (file === '') return;
    for (const { testFilePath, testResults } of files) {
      const path = relative(ROOT, testFilePath);
      const skipped = new Map();
      for (const { status, ancestorTitles, title } of testResults) {
        if (status !== 'pending' && status !== 'todo') continue;
        // The suite that names the reason, or the test itself.
        const titles = [...ancestorTitles, title];
        const named = titles.findIndex((text) => REASON.test(text));
        const name = titles
          .slice(0, named < 0 ? titles.length : named + 1)
          .join(' › ')
          .replaceAll(/\s+/g, ' ');
        skipped.set(name, (skipped.get(name) ?? 0) + 1);
      }
      for (const [name, tests] of skipped) {
        const [, reason = null] = REASON.exec(name) ?? [];
        appendFileSync(file, `${JSON.stringify({ path, name: name.replace(REASON, ''), tests, reason })}\n`);
      }
    }
  }
}
