/**
 * Lints the repository: oxlint checks the code, with types, and ESLint the structure. `--fix` fixes problems that can
 * be fixed automatically.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MODULES = 'scripts/node_modules';

const options = process.argv.includes('--fix') ? ['--fix'] : [];
const linters = [
  [`${MODULES}/oxlint/bin/oxlint`, '--deny-warnings', ...options],
  [`${MODULES}/eslint/bin/eslint.js`, '--max-warnings', '0', ...options, '.'],
];

for (const args of linters) {
  const { status } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    stdio: 'inherit',
    // oxlint looks for its second program in the folder where it runs.
    env: { ...process.env, OXLINT_TSGOLINT_PATH: `${MODULES}/oxlint-tsgolint/bin/tsgolint.js` },
  });
  process.exitCode ||= status ?? 1;
}
