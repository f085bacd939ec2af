/**
 * Builds an application, then runs one of its programs in this process, so that it receives signals and arguments:
 * `node scripts/run-built.mjs api cli/greenroom.js orgs list`. Prints nothing when the application is up to date.
 */
import { fileURLToPath } from 'node:url';

import { buildApps } from './build-apps.mjs';
import { stopWithLaunchers } from './launchers.mjs';

const [app, program, ...args] = process.argv.slice(2);
if (app === undefined || program === undefined) {
  throw new Error('Usage: node scripts/run-built.mjs <app> <program in its dist folder> [arguments]');
}

stopWithLaunchers();
await buildApps(app);
const entry = new URL(`../apps/${app}/dist/${program}`, import.meta.url);
process.argv.splice(1, Infinity, fileURLToPath(entry), ...args);
await import(entry.href);
