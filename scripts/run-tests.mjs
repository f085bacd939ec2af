/**
 * Runs every test: first what some of them need is looked for, or built once, and then Jest runs in each package. Tests
 * whose tool cannot be had are skipped by name, and listed at the end with the reason. With CI=true that is a failure.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const file = (path) => fileURLToPath(new URL(path, import.meta.url));

const TOOLS = [
  {
    variable: 'GREENROOM_WITHOUT_LIVEKIT',
    program: file('../apps/worker/test/harness/livekit-binary.mjs'),
    tests: 'The avatar in LiveKit rooms (apps/worker/test/livekit)',
    reason: 'livekit-server is not on the PATH and could not be built',
  },
  {
    variable: 'GREENROOM_WITHOUT_BROWSER',
    program: file('../apps/docs/test/harness/browser-binary.mjs'),
    tests: 'The portal in a browser (apps/docs/test/browser)',
    reason: 'no Chromium or Chrome on the PATH',
  },
  {
    variable: 'GREENROOM_WITHOUT_CURL',
    program: file('../apps/docs/test/harness/curl-binary.mjs'),
    tests: 'Samples and guides for a shell (apps/docs/test)',
    reason: 'no curl on the PATH',
  },
  {
    variable: 'GREENROOM_WITHOUT_PYTHON',
    program: file('../apps/api/test/published-sdk/install.mjs'),
    tests: 'The published Python SDK (apps/api/test/published-sdk)',
    reason: 'no python3 with pip, or the SDK cannot be had',
  },
];

/** Lets the suites of a tool run where its program says where it is; else returns why they are skipped. */
function prepare({ variable, program, tests, reason }) {
  const asked = process.env[variable] ?? '';
  if (asked !== '') return `${tests}: ${variable} is set`;
  const { status } = spawnSync(process.execPath, [program], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status === 0) return null;
  process.env[variable] = reason;
  return `${tests}: ${reason}`;
}

const skipped = TOOLS.map(prepare).filter((reason) => reason !== null);
if (process.env.CI === 'true' && skipped.length > 0) {
  console.error(`With CI=true nothing may be skipped:\n${skipped.join('\n')}`);
  process.exit(1);
}

const run = (program, ...args) =>
  spawnSync(process.execPath, [file(program), ...args], { stdio: 'inherit' }).status ?? 1;
const status =
  run('generate.mjs') ||
  run('turbo.mjs', 'run', 'test', '--concurrency=1', '--continue=dependencies-successful');
if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((reason) => `  ${reason}`).join('\n')}`);
process.exitCode = status;
