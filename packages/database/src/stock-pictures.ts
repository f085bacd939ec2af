import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The directory of the stock avatars' pictures. The path is the same from `src` and `dist`. */
export const stockPicturesDir = fileURLToPath(new URL('../stock-pictures/', import.meta.url));

const pictures = new Map<string, Uint8Array>();

/** Returns the picture of a stock avatar of the seed as WebP; null when it has none. Each is read once. */
export async function readStockPicture(id: string): Promise<Uint8Array | null> {
  const known = pictures.get(id);
  if (known !== undefined) return known;
  try {
    const picture = await readFile(`${stockPicturesDir}${id}.webp`);
    pictures.set(id, picture);
    return picture;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
