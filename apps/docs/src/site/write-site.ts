import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import type { SiteFile } from './assets.ts';

/** Compression does not speed up smaller files, nor those that are compressed already. */
const MIN_GZIP_BYTES = 1024;
const COMPRESSED = /\.(webp|mp3)$/;

/** Replaces the site in a folder. Each larger file gets a compressed copy next to it. */
export async function writeSite(folder: string, files: readonly SiteFile[]): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const { path, content } of files) {
    const file = join(folder, path);
    const bytes = Buffer.from(content);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
    if (bytes.length >= MIN_GZIP_BYTES && !COMPRESSED.test(file)) {
      await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }));
    }
  }
}
