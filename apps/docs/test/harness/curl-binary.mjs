/** Ends with status 1 where there is no curl, by which the samples for a shell are run. */
import { spawnSync } from 'node:child_process';

if (spawnSync('curl', ['--version'], { stdio: 'ignore' }).status !== 0) {
  console.error('The samples for a shell need curl.');
  process.exit(1);
}
