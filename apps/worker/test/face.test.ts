import { expect, test } from '@jest/globals';

import { APPEARANCES } from './appearances.ts';
import { FACE_SIZE } from './face-size.ts';
import { Face } from './face.ts';

/** A time without a blink, and one in the middle of a blink. */
const [AWAKE_MS, BLINK_MS] = [1_500, 9_380];
const SPEECH = 0.2;
const AVATARS = APPEARANCES.map((_, index) => `av_stock_00${index + 1}`);

type Pixel = readonly [red: number, green: number, blue: number];

/** Draws a face until its mouth has stopped moving. Returns a function that reads a pixel. */
function draw(face: Face, loudness: number, timeMs = AWAKE_MS): (x: number, y: number) => Pixel {
  let pixels = face.draw(timeMs, loudness);
  for (let count = 0; count < 8; count += 1) pixels = face.draw(timeMs, loudness);
  return (x, y) => {
    const at = 4 * (y * FACE_SIZE + x);
    return [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0];
  };
}

/** The inside of the mouth. */
const isDark = ([red, green]: Pixel) => red < 125 && green < 70;
const isWhite = ([red, green, blue]: Pixel) => Math.min(red, green, blue) > 235;

/** Returns how many pixels of the inside of the mouth each row has. */
function darkRows(read: (x: number, y: number) => Pixel): number[] {
  const rows: number[] = [];
  for (let y = 318; y < 400; y += 1) {
    let dark = 0;
    for (let x = 226; x < 286; x += 1) if (isDark(read(x, y))) dark += 1;
    rows.push(dark);
  }
  return rows;
}

test.each(AVATARS)(
  '%s closes its mouth in silence, also after speech and with some noise',
  async (avatar) => {
    const face = await Face.create(avatar, null);
    expect(Math.max(...darkRows(draw(face, 0)))).toBe(0);
    expect(Math.max(...darkRows(draw(face, SPEECH)))).toBeGreaterThan(20);
    expect(Math.max(...darkRows(draw(face, 0.002)))).toBe(0);
  },
);

test('a wide open mouth is round, not pointed', async () => {
  const rows = darkRows(draw(await Face.create('av_stock_001', null), SPEECH)).filter((dark) => dark > 0);
  const widest = Math.max(...rows);
  expect(rows[Math.floor(rows.length * 0.6)]).toBeGreaterThan(widest / 2);
});

test.each(AVATARS)('%s shows no white above its lids, and none while it blinks', async (avatar) => {
  const face = await Face.create(avatar, null);
  const open = draw(face, 0);
  const column = Array.from({ length: 30 }, (_, index) => open(210, 222 + index));
  const firstWhite = column.findIndex(isWhite);
  const lid = column.slice(Math.max(0, firstWhite - 6), firstWhite);
  // The lid has the colour of the hair, and lies between the skin and the white of the eye.
  expect(lid.some((pixel) => !isWhite(pixel) && String(pixel) !== String(column[0]))).toBe(true);
  const closed = draw(face, 0, BLINK_MS);
  for (let y = 222; y < 262; y += 1) expect(isWhite(closed(210, y))).toBe(false);
});

test('the neck moves with the head', async () => {
  const face = await Face.create('av_stock_002', null);
  /** Where the neck begins. */
  const neckAt = (timeMs: number) => {
    const read = draw(face, 0, timeMs);
    const distance = (x: number) =>
      read(x, 410).reduce((sum, value, index) => sum + Math.abs(value - (read(170, 410)[index] ?? 0)), 0);
    return Array.from({ length: 100 }, (_, index) => 170 + index).findIndex((x) => distance(x) > 60);
  };
  const positions = [1_500, 2_600, 5_400].map(neckAt);
  expect(Math.min(...positions)).toBeGreaterThan(0);
  expect(Math.max(...positions) - Math.min(...positions)).toBeGreaterThan(2);
});
