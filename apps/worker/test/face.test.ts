import { speechSound } from '@greenroom/testing';
import { expect, test } from '@jest/globals';

import { APPEARANCES } from '../src/avatar/face/appearances.ts';
import { FACE_SIZE } from '../src/avatar/face/face-size.ts';
import { Face } from '../src/avatar/face/face.ts';
import { Motion } from '../src/avatar/face/motion.ts';
import { SAMPLE_RATE } from '../src/avatar/speech/pcm.ts';

/** A time without a blink, and one in the middle of a blink. */
const [AWAKE_MS, BLINK_MS] = [1_500, 9_380];
const FRAME = { seconds: 0.04, rate: SAMPLE_RATE };
const SPEECH = speechSound('aa', { ...FRAME, loudness: 0.2 });
const NOISE = speechSound('ss', { ...FRAME, loudness: 0.002 });
const SILENCE = speechSound('pause', FRAME);
const AVATARS = APPEARANCES.map((_, index) => `av_stock_00${index + 1}`);

type Pixel = readonly [red: number, green: number, blue: number];

/** Draws a face until its mouth has stopped moving. Returns a function that reads a pixel. */
function draw(face: Face, samples: Int16Array, timeMs = AWAKE_MS): (x: number, y: number) => Pixel {
  for (let count = 0; count < 8; count += 1) face.draw(timeMs, samples);
  const pixels = new Uint8Array(face.draw(timeMs, samples));
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
  '%s closes its mouth in silence, even after speech and with some noise',
  async (avatar) => {
    const face = await Face.create(avatar, null);
    expect(Math.max(...darkRows(draw(face, SILENCE)))).toBe(0);
    expect(Math.max(...darkRows(draw(face, SPEECH)))).toBeGreaterThan(20);
    expect(Math.max(...darkRows(draw(face, NOISE)))).toBe(0);
  },
);

test('a wide open mouth is round, not pointed', async () => {
  const rows = darkRows(draw(await Face.create('av_stock_001', null), SPEECH)).filter((dark) => dark > 0);
  const widest = Math.max(...rows);
  expect(rows[Math.floor(rows.length * 0.6)]).toBeGreaterThan(widest / 2);
});

test.each(AVATARS)('%s shows no white above its lids, and none while it blinks', async (avatar) => {
  const face = await Face.create(avatar, null);
  const open = draw(face, SILENCE);
  const column = Array.from({ length: 30 }, (_, index) => open(210, 222 + index));
  const firstWhite = column.findIndex(isWhite);
  const lid = column.slice(Math.max(0, firstWhite - 6), firstWhite);
  // The lid has the colour of the hair and is between the skin and the white of the eye.
  expect(lid.some((pixel) => !isWhite(pixel) && String(pixel) !== String(column[0]))).toBe(true);
  const closed = draw(face, SILENCE, BLINK_MS);
  for (let y = 222; y < 262; y += 1) expect(isWhite(closed(210, y))).toBe(false);
});

test('the neck moves with the head', async () => {
  const face = await Face.create('av_stock_002', null);
  /** Where the neck begins. */
  const neckAt = (timeMs: number) => {
    const read = draw(face, SILENCE, timeMs);
    const distance = (x: number) =>
      read(x, 410).reduce((sum, value, index) => sum + Math.abs(value - (read(170, 410)[index] ?? 0)), 0);
    return Array.from({ length: 100 }, (_, index) => 170 + index).findIndex((x) => distance(x) > 60);
  };
  const positions = [1_500, 7_000, 12_000].map(neckAt);
  expect(Math.min(...positions)).toBeGreaterThan(0);
  expect(Math.max(...positions) - Math.min(...positions)).toBeGreaterThan(2);
});

test('a partly redrawn frame equals the same frame drawn as a whole', async () => {
  const face = await Face.create('av_stock_005', null);
  const sounds = ['aa', 'ee', 'pause', 'oo', 'ss', 'mm'] as const;
  const frames = Array.from({ length: 150 }, (_, index) => {
    const samples = speechSound(sounds[Math.floor(index / 4) % sounds.length] ?? 'aa', FRAME);
    return { timeMs: 40 * index, samples };
  });
  for (const [index, { timeMs, samples }] of frames.entries()) {
    const pixels = face.draw(timeMs, samples);
    if (index % 10 !== 9) continue;
    const whole = await Face.create('av_stock_005', null);
    const motion = new Motion();
    let pose = motion.pose(0, SILENCE);
    for (const earlier of frames.slice(0, index + 1)) pose = motion.pose(earlier.timeMs, earlier.samples);
    expect(Buffer.compare(whole.drawPose(pose), pixels)).toBe(0);
  }
});

test('the version of a face stays the same while it rests, and changes with each frame that differs', async () => {
  const face = await Face.create('av_stock_001', null);
  const versions = new Set<number>();
  let before = { pixels: new Uint8Array(), version: -1 };
  for (let index = 0; index < 250; index += 1) {
    const pixels = new Uint8Array(face.draw(40 * index, index < 25 ? SPEECH : SILENCE));
    const isSame = face.version === before.version;
    expect(Buffer.compare(pixels, before.pixels) === 0 || !isSame).toBe(true);
    before = { pixels, version: face.version };
    versions.add(face.version);
  }
  // Most of the other 225 frames rest, between blinks and movements of the head.
  expect(versions.size).toBeLessThan(125);
});
