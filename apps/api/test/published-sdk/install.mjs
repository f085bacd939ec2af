/**
 * Prints the folder of the published Python SDK of this API, which pip installs once. Exits with status 1 when Python
 * is missing or the SDK could not be installed.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SDK = 'protoface-sdk==0.1.0';
const CACHE = fileURLToPath(new URL(`../../node_modules/.cache/${SDK.replace('==', '-')}`, import.meta.url));

if (!existsSync(CACHE)) {
  const partial = `${CACHE}.${process.pid}`;
  try {
    console.error(`Installing ${SDK} once, for the tests of the wire …`);
    const options = ['--quiet', '--disable-pip-version-check', '--no-input', '--target', partial];
    execFileSync('python3', ['-m', 'pip', 'install', ...options, SDK], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    renameSync(partial, CACHE);
  } catch {
    rmSync(partial, { recursive: true, force: true });
    console.error(
      `The test of the published SDK needs python3 with pip, and ${SDK} from a registry of Python packages.`,
    );
    process.exit(1);
  }
}
console.log(CACHE);
