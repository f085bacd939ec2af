import { renameSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { buildSync } from 'esbuild';

const PROGRAM = fileURLToPath(new URL('record-statements.ts', import.meta.url));
/** Inside of the package, so that its imports resolve. */
const BUNDLE = fileURLToPath(
  new URL('../../../node_modules/.cache/statements/record-statements.mjs', import.meta.url),
);

/** Compiles the program that records statements into one JavaScript file. Returns its path. */
export function bundleRecordStatements(): string {
  // Renamed, because another Jest worker may be reading it.
  const own = `${BUNDLE}.${process.pid}`;
  buildSync({
    entryPoints: [PROGRAM],
    outfile: own,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  renameSync(own, BUNDLE);
  return BUNDLE;
}
