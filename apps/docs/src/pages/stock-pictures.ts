import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const FOLDER = dirname(
  createRequire(import.meta.url).resolve('@greenroom/database/stock-pictures/av_stock_001.webp'),
);

/** A picture of a stock avatar. */
export interface StockPicture {
  avatarId: string;
  /** Its address inside the site. */
  path: string;
  content: Buffer;
}

/** Returns the pictures of the stock avatars, in the order of their ids. */
export function stockPictures(): StockPicture[] {
  return readdirSync(FOLDER)
    .sort()
    .map((file) => ({
      avatarId: file.replace(/\.webp$/, ''),
      path: `/avatars/${file}`,
      content: readFileSync(join(FOLDER, file)),
    }));
}
