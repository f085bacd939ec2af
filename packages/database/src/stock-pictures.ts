import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The directory of the stock avatars' pictures. The path is the same from `src` and `dist`. */
export const stockPicturesDir = fileURLToPath(new URL('../stock-pictures/', import.meta.url));

const pictures = new Map<string, Promise<Uint8Array>>();

/** Returns the picture of a stock avatar of the seed as WebP. Reads it once. */
export async function readStockPicture(id: string): Promise<Uint8Array> {
  const picture = pictures.get(id) ?? readFile(`${stockPicturesDir}${id}.webp`);
  pictures.set(id, picture);
  return picture;
}
