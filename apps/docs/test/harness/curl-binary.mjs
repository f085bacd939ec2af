/** Exits with status 1 when curl is missing, which the shell samples need. */
import { spawnSync } from 'node:child_process';

if (spawnSync('curl', ['--version'], { stdio: 'ignore' }).status !== 0) {
  console.error('The shell samples need curl.');
  process.exit(1);
}
