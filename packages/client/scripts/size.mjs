import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';

const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } });

if (values.help) {
  console.log(
    'Usage: pnpm size\n\nPrints what @greenroom/client and its dependency weigh in a browser bundle, in bytes.',
  );
} else {
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
  console.log(`minified ${bundle.contents.byteLength} bytes`);
  console.log(`gzipped  ${gzipSync(bundle.contents, { level: 9 }).byteLength} bytes`);
}
