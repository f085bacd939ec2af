/** Prints the size of @greenroom/client and its dependency in a browser bundle. Fails above the budget. */
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';

const MAX_GZIPPED_BYTES = 8 * 1024;

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('../src/index.ts', import.meta.url))],
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  write: false,
});
const [bundle] = outputFiles;
const gzippedBytes = gzipSync(bundle.contents, { level: 9 }).byteLength;
console.log(`minified ${bundle.contents.byteLength} bytes`);
console.log(`gzipped  ${gzippedBytes} bytes of at most ${MAX_GZIPPED_BYTES}`);
if (gzippedBytes > MAX_GZIPPED_BYTES) {
  console.error(
    'The client is larger than its budget. Make it smaller, or raise MAX_GZIPPED_BYTES in size.mjs.',
  );
  process.exitCode = 1;
}
