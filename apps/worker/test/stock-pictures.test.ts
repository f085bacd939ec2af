import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { readStockPicture, stockPicturesDir } from '@greenroom/database';
import { expect, test } from '@jest/globals';
import { createCanvas, loadImage } from '@napi-rs/canvas';

import { APPEARANCES } from '../src/avatar/face/appearances.ts';
import { FACE_SIZE } from '../src/avatar/face/face-size.ts';
import { Face } from '../src/avatar/face/face.ts';

/** When set, the pictures are drawn again instead of compared. */
const UPDATE = process.env['UPDATE_STOCK_PICTURES'] !== undefined;
const QUALITY = 90;
/** How much the format may change a channel on average, of 255. */
const TOLERANCE = 3;

test.each(APPEARANCES.map((_, index) => `av_stock_00${index + 1}`))(
  'the picture of %s shows its face at rest (UPDATE_STOCK_PICTURES=1 draws it again)',
  async (id) => {
    const canvas = createCanvas(FACE_SIZE, FACE_SIZE);
    const context = canvas.getContext('2d');
    const drawn = (await Face.create(id, null)).draw(0, new Int16Array());
    if (UPDATE) {
      const image = context.createImageData(FACE_SIZE, FACE_SIZE);
      image.data.set(drawn);
      context.putImageData(image, 0, 0);
      await mkdir(stockPicturesDir, { recursive: true });
      await writeFile(join(stockPicturesDir, `${id}.webp`), await canvas.encode('webp', QUALITY));
    }
    const picture = await readStockPicture(id);
    if (picture === null) throw new Error(`${id} has no picture.`);
    context.drawImage(await loadImage(picture), 0, 0);
    const stored = canvas.data();
    const sum = drawn.reduce((total, value, index) => total + Math.abs(value - (stored[index] ?? 0)), 0);
    expect(sum / drawn.length).toBeLessThan(TOLERANCE);
  },
);

test('an avatar without a picture has none', async () => {
  expect(await readStockPicture('no_such_avatar')).toBeNull();
});
