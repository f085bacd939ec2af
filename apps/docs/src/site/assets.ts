import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

/** A file of the site by its path below the site's folder. */
export interface SiteFile {
  path: string;
  content: string | Buffer;
}

const source = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/**
 * Bundles a script or a style sheet with its imports, under a name that contains a hash of the content.
 *
 * @throws {Error} when the build fails
 */
export async function bundled(entry: string): Promise<SiteFile> {
  const { outputFiles } = await build({
    entryPoints: [source(entry)],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    conditions: ['@greenroom/source'],
    outdir: 'out',
    write: false,
    legalComments: 'none',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`The build of ${entry} produced no file`);
  const [, name = '', extension = ''] = /([\w-]+)\.(\w+)$/.exec(file.path) ?? [];
  return named(name, extension, Buffer.from(file.contents));
}

export function named(name: string, extension: string, content: Buffer): SiteFile {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
  return { path: `assets/${name}.${hash}.${extension}`, content };
}
