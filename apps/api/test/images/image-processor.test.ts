import { constants, getPriority } from 'node:os';

import { until } from '@greenroom/testing';
import { afterEach, expect, test } from '@jest/globals';
import sharp from 'sharp';

import { ImageProcessor } from '../../src/images/image-processor.ts';
import { faceImage, plainImage } from '../harness/images.ts';

const HOUR_MS = 3_600_000;
let images: ImageProcessor | null = null;

afterEach(() => images?.stop());

function start({ timeoutMs = HOUR_MS, idleMs = HOUR_MS, maxResidentBytes = Infinity } = {}): ImageProcessor {
  images = new ImageProcessor({ timeoutMs, idleMs, maxResidentBytes });
  return images;
}

test('one process decodes several images', async () => {
  const decoding = start();
  await decoding.check('org', await plainImage());
  const { pids } = decoding;
  expect(pids).toHaveLength(1);
  expect(pids).not.toContain(process.pid);
  const portrait = await decoding.render('org', await faceImage('png'));
  if ('failure' in portrait) throw new Error(portrait.failure);
  expect((await sharp(portrait.image).metadata()).format).toBe('webp');
  for (const { x, y } of portrait.landmarks.lower_lip) {
    expect(x).toBeCloseTo(0.5, 0);
    expect(y).toBeGreaterThan(0.4);
    expect(y).toBeLessThan(0.7);
  }
  expect(decoding.pids).toEqual(pids);
});

test('the decoder process has a lower priority than the server', async () => {
  const decoding = start();
  await decoding.check('org', await plainImage());
  const [pid = 0] = decoding.pids;
  expect(getPriority(pid)).toBe(constants.priority.PRIORITY_BELOW_NORMAL);
});

test('an image is decoded by another process when its process is killed', async () => {
  const decoding = start();
  const rendering = decoding.render('org', await plainImage('png', { width: 6000, height: 6000 }));
  await until(() => decoding.pids.length === 1);
  const [killed = 0] = decoding.pids;
  process.kill(killed, 'SIGKILL');
  expect(await rendering).toEqual({ failure: 'no_face' });
  expect(decoding.pids).not.toContain(killed);
});

test('a process that never starts is an error of the server, not of the image', async () => {
  const decoding = start();
  const rendering = decoding.render('org', await plainImage());
  const outcome = rendering.catch((error: unknown) => error);
  const killed = new Set<number>();
  while (killed.size < 2) {
    for (const pid of decoding.pids) if (!killed.has(pid)) process.kill(pid, 'SIGKILL');
    for (const pid of decoding.pids) killed.add(pid);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await outcome).toMatchObject({ name: 'DecoderLostError', wasReady: false });
});

test('an image that takes too long is rejected, and its process is killed', async () => {
  const decoding = start({ timeoutMs: 1 });
  const checking = decoding.check('org', await plainImage());
  await expect(checking).rejects.toMatchObject({ code: 'image.unreadable', param: 'image' });
  expect(decoding.pids).toEqual([]);
});

test('an image that takes too much memory is rejected, and its process ends', async () => {
  const decoding = start({ maxResidentBytes: 1 });
  // Decoding takes longer than the interval at which the process checks its memory.
  const image = await plainImage('png', { width: 6000, height: 6000 });
  await expect(decoding.render('org', image)).rejects.toMatchObject({ code: 'image.unreadable' });
  await until(() => decoding.pids.length === 0);
});

test('an idle process is killed', async () => {
  const decoding = start({ idleMs: 1 });
  await decoding.check('org', await plainImage());
  await until(() => decoding.pids.length === 0);
});

test('an image in progress is neither accepted nor rejected when the server stops', async () => {
  const decoding = start();
  const rendering = decoding.render('org', await plainImage('png', { width: 6000, height: 6000 }));
  const outcome = rendering.catch((error: unknown) => error);
  await until(() => decoding.pids.length === 1);
  decoding.stop();
  expect(await outcome).toMatchObject({ name: 'DecoderLostError' });
  expect(decoding.pids).toEqual([]);
});
