/**
 * Runs every test: first what some of them need is looked for, or built once, and then Jest runs in each package. Tests
 * that cannot run on this machine are skipped, and listed at the end by name, with the reason. With CI=true that is a
 * failure.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = (path) => fileURLToPath(new URL(path, import.meta.url));

const TOOLS = [
  {
    variable: 'GREENROOM_WITHOUT_LIVEKIT',
    program: [file('../apps/worker/test/harness/livekit-binary.mjs'), '--build'],
    reason: 'livekit-server is not on the PATH and could not be built',
  },
  {
    variable: 'GREENROOM_WITHOUT_BROWSER',
    program: [file('../apps/docs/test/harness/browser-binary.mjs')],
    reason: 'no Chromium or Chrome on the PATH',
  },
  {
    variable: 'GREENROOM_WITHOUT_CURL',
    program: [file('../apps/docs/test/harness/curl-binary.mjs')],
    reason: 'no curl on the PATH',
  },
  {
    variable: 'GREENROOM_WITHOUT_PGBOUNCER',
    program: [file('../apps/api/test/harness/pgbouncer-binary.mjs')],
    reason: 'no pgbouncer on the PATH',
  },
  {
    variable: 'GREENROOM_WITHOUT_PYTHON',
    program: [file('../apps/api/test/published-sdk/install.mjs')],
    reason: 'no python3 with pip, or the SDK cannot be had',
  },
];

/** A run has one user: that the tests of the other are skipped is no fault of the machine. */
const ALLOWED_IN_CI = ['it needs root', 'it needs a user other than root'];

const isCI = process.env.CI === 'true';

/** Sets why the tests of a tool are skipped where its program does not find it, and says so. */
function prepare({ variable, program, reason }) {
  const asked = process.env[variable] ?? '';
  if (asked === '') {
    const { status } = spawnSync(process.execPath, program, { stdio: ['ignore', 'ignore', 'inherit'] });
    if (status === 0) return;
    process.env[variable] = reason;
  } else if (asked === '1') process.env[variable] = `${variable} is set`;
  if (isCI) {
    console.error(`With CI=true no test may be skipped: ${process.env[variable]}`);
    process.exit(1);
  }
}

/** What Jest's reporter has written: a line for each suite or test that was skipped. */
function skippedTests(path) {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

const run = (program, ...args) =>
  spawnSync(process.execPath, [file(program), ...args], { stdio: 'inherit' }).status ?? 1;

TOOLS.forEach(prepare);

process.env.GREENROOM_TEST_SEED ??= isCI ? '20260312' : String(Math.floor(Math.random() * 2 ** 31));
console.log(
  `Random tests use the seed ${process.env.GREENROOM_TEST_SEED}; set GREENROOM_TEST_SEED to repeat them.`,
);

const folder = mkdtempSync(join(tmpdir(), 'greenroom-tests-'));
try {
  process.env.GREENROOM_SKIPPED_TESTS = join(folder, 'skipped');
  writeFileSync(process.env.GREENROOM_SKIPPED_TESTS, '');
  process.exitCode =
    run('generate.mjs') ||
    run('turbo.mjs', 'run', 'test', '--concurrency=1', '--continue=dependencies-successful');

  const skipped = skippedTests(process.env.GREENROOM_SKIPPED_TESTS);
  if (skipped.length > 0) {
    const count = skipped.reduce((sum, { tests }) => sum + tests, 0);
    console.log(`\n${count} skipped:`);
    for (const { path, name, tests, reason } of skipped)
      console.log(
        `  ${path}: ${name}${tests > 1 ? ` (${tests} tests)` : ''}: ${reason ?? 'without a reason'}`,
      );
  }
  if (isCI && skipped.some(({ reason }) => !ALLOWED_IN_CI.includes(reason))) {
    console.error('With CI=true no test may be skipped for want of a tool, or without a reason.');
    process.exitCode ||= 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
