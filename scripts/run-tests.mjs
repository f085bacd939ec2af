/**
 * Runs every test, or those in the files of the arguments. First finds or builds the tools that some tests need, then
 * runs Jest in each package, and lists failed tests and tests skipped for a missing tool. With CI=true a missing tool
 * is a failure. `GREENROOM_TEST_RESULTS` names a file to append the results to. `GREENROOM_TEST_SKIPPED_IN` names such
 * a file of another run, to run only the tests that it skipped.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { linesOf, readResults, withStatus } from './test-results.mjs';

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const ROOT = file('..');

const BROWSER_PACKAGES = ['apps/docs', 'apps/console'];
const skippedIn = process.env.GREENROOM_TEST_SKIPPED_IN ?? '';

const TOOLS = [
  {
    variable: 'GREENROOM_WITHOUT_LIVEKIT',
    program: [file('../apps/worker/test/harness/livekit-binary.mjs'), '--build'],
    reason: 'livekit-server is not on the PATH and could not be built',
  },
  {
    variable: 'GREENROOM_WITHOUT_BROWSER',
    program: [file('../packages/testing/src/browser/browser-binary.mjs')],
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
    variable: 'GREENROOM_WITHOUT_PG_DUMP',
    program: [file('../apps/api/test/harness/postgres-binaries.mjs')],
    reason: 'no PostgreSQL with pg_dump in /usr/lib/postgresql',
  },
  {
    variable: 'GREENROOM_WITHOUT_PROMETHEUS',
    program: [file('has-programs.mjs'), 'prometheus', 'promtool'],
    reason: 'no prometheus and promtool on the PATH',
  },
  {
    variable: 'GREENROOM_WITHOUT_SYSTEMD',
    program: [file('has-programs.mjs'), 'systemd-analyze'],
    reason: 'no systemd-analyze on the PATH',
  },
  {
    variable: 'GREENROOM_WITHOUT_PYTHON',
    program: [file('../apps/api/test/published-sdk/install.mjs')],
    reason: 'no python3 with pip, or the SDK could not be installed',
  },
];

/** A run has one user, so the tests for the other kind of user are always skipped. */
const ALLOWED_IN_CI = ['it needs root', 'it needs a user other than root'];

const isCI = process.env.CI === 'true';

/** Sets and prints why the tests of a tool are skipped, if the tool is missing. */
function prepare({ variable, program, reason }) {
  const asked = process.env[variable] ?? '';
  if (asked === '') {
    const { status } = spawnSync(process.execPath, program, { stdio: ['ignore', 'ignore', 'inherit'] });
    if (status === 0) return;
    process.env[variable] = reason;
  } else if (asked === '1') {
    process.env[variable] = `${variable} is set`;
  }
  if (isCI) {
    console.error(`With CI=true no test may be skipped: ${process.env[variable]}`);
    process.exit(1);
  }
}

const run = (program, ...args) =>
  spawnSync(process.execPath, [file(program), ...args], { stdio: 'inherit' }).status ?? 1;

/** Two packages at a time: the tests of each wait for most of their time, and some for real leases and deadlines. */
const test = (...args) =>
  run('turbo.mjs', 'run', 'test', '--concurrency=2', '--continue=dependencies-successful', ...args);

/** Returns the folder of a file's package. */
function packageOf(path) {
  const folder = dirname(path);
  return existsSync(join(folder, 'package.json')) ? folder : packageOf(folder);
}

/** Runs the tests in some files. Returns the first exit code that is not 0. */
async function testFiles(paths) {
  const built = run('turbo.mjs', 'run', 'build');
  if (built !== 0) return built;
  const folders = [...new Set(paths.map(packageOf))];
  // A browser takes every core, which would distort the measurements in tests of rooms. Other tests mostly wait.
  const usesBrowser = (folder) => BROWSER_PACKAGES.includes(relative(ROOT, folder));
  const withBrowser = folders.filter(usesBrowser);
  const others = folders.filter((folder) => !usesBrowser(folder));
  const statuses = [];
  for (const [round, lanes] of [
    [others, 2],
    [withBrowser, 1],
  ]) {
    const lane = async () => {
      for (let folder = round.shift(); folder !== undefined; folder = round.shift()) {
        statuses.push(await testFilesOf(folder, paths));
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  }
  return statuses.find((status) => status !== 0) ?? 0;
}

async function testFilesOf(folder, paths) {
  const files = paths.filter((path) => packageOf(path) === folder).map((path) => relative(folder, path));
  const names = skippedIn === '' ? [] : ['--testNamePattern', patternOf(folder)];
  const filter = `--filter=./${relative(ROOT, folder)}`;
  const args = ['run', 'test', '--only', filter, '--', ...names, '--runTestsByPath', ...files];
  const [status] = await once(
    spawn(process.execPath, [file('turbo.mjs'), ...args], { stdio: 'inherit' }),
    'close',
  );
  return status ?? 1;
}

/** Returns the pattern of the tests and suites of a package that were skipped, as Jest joins their titles. */
function patternOf(folder) {
  const skipped = withStatus(readResults(skippedIn), 'skipped').filter(
    ({ path }) => packageOf(resolve(ROOT, path)) === folder,
  );
  const names = skipped.map(({ name }) => name.split(' › ').map(escaped).join(' '));
  return `^(${[...new Set(names)].join('|')})`;
}

/** Results have spaces instead of a title's line breaks. */
const escaped = (title) =>
  title.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`).replaceAll(' ', String.raw`\s+`);

TOOLS.forEach(prepare);

process.env.GREENROOM_TEST_SEED ??= isCI ? '20260312' : String(Math.floor(Math.random() * 2 ** 31));
console.log(
  `Random tests use the seed ${process.env.GREENROOM_TEST_SEED}; set GREENROOM_TEST_SEED to repeat them.`,
);

// Before it runs tests, turbo builds what they need.
process.env.GREENROOM_TEST_BUILT = '1';
const folder = mkdtempSync(join(tmpdir(), 'greenroom-tests-'));
process.env.GREENROOM_TEST_RESULTS ??= join(folder, 'results');
const paths = process.argv.slice(2).map((path) => resolve(path));
try {
  process.exitCode = run('generate.mjs') || (paths.length > 0 ? await testFiles(paths) : test());

  const results = readResults(process.env.GREENROOM_TEST_RESULTS);
  for (const status of ['skipped', 'failed']) {
    const tests = withStatus(results, status);
    if (tests.length > 0) console.log(`\n${tests.length} ${status}:`);
    for (const line of linesOf(results, status)) console.log(`  ${line}`);
  }
  const skipped = withStatus(results, 'skipped');
  const isAllowed = ({ reason }) => ALLOWED_IN_CI.includes(reason) || (skippedIn !== '' && reason === null);
  if (isCI && !skipped.every(isAllowed)) {
    console.error('With CI=true no test may be skipped because a tool is missing, or without a reason.');
    process.exitCode ||= 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
