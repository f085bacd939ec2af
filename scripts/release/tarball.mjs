import { createWriteStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import { pack } from 'tar-stream';

/** The time that npm, too, gives to the files of a package. */
const MTIME = new Date('1985-10-26T08:15:00Z');
const EXECUTABLE = 0o111;

/**
 * Writes a compressed archive of a folder. Its bytes depend only on the names and contents of the files, and on which of
 * them are executable.
 *
 * @param {string} folder
 * @param {string} file
 * @returns {Promise<{ files: number, bytes: number }>} the number of files, and their size
 */
export async function writeTarball(folder, file) {
  const archive = pack();
  const written = pipeline(archive, createGzip(), createWriteStream(file));
  const paths = (await filesIn(folder)).sort();
  let bytes = 0;
  for (const path of paths) {
    const [content, { mode }] = await Promise.all([readFile(path), stat(path)]);
    const header = {
      name: join(basename(folder), relative(folder, path)).split(sep).join('/'),
      mode: (mode & EXECUTABLE) === 0 ? 0o644 : 0o755,
      mtime: MTIME,
      ...{ uid: 0, gid: 0, uname: 'root', gname: 'root' },
    };
    await new Promise((resolve, reject) => {
      archive.entry(header, content, (error) => (error ? reject(error) : resolve()));
    });
    bytes += content.length;
  }
  archive.finalize();
  await written;
  return { files: paths.length, bytes };
}

async function filesIn(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile()) throw new Error(`${path} is neither a file nor a folder.`);
      return path;
    });
}
