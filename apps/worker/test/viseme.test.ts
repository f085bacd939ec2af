import { speechSound, type SpeechSound } from '@greenroom/testing';
import { expect, test } from '@jest/globals';

import { Motion } from '../src/avatar/face/motion.ts';
import { REST, Visemes, type Mouth } from '../src/avatar/face/viseme.ts';
import { SAMPLE_RATE } from '../src/avatar/speech/pcm.ts';

const FRAME_SAMPLES = SAMPLE_RATE / 25;
const PITCHES = [100, 160, 220];

/** Returns the frames of a sound. */
function frames(sound: SpeechSound, seconds: number, options: { pitch?: number; loudness?: number } = {}) {
  const samples = speechSound(sound, { seconds, rate: SAMPLE_RATE, ...options });
  return Array.from({ length: samples.length / FRAME_SAMPLES }, (_, index) =>
    samples.subarray(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES),
  );
}

/** Returns the shape of the mouth for a sound that follows a vowel. */
function shapeOf(sound: SpeechSound, options: { pitch?: number; loudness?: number } = {}): Mouth {
  const visemes = new Visemes();
  const shapes = [...frames('aa', 0.2), ...frames(sound, 0.2, options)].map((frame) => visemes.next(frame));
  return shapes.at(-1) ?? REST;
}

test.each(PITCHES)('vowels at %i Hz have the shapes of a mouth that speaks them', (pitch) => {
  const [aa, ee, oo, oh] = (['aa', 'ee', 'oo', 'oh'] as const).map((vowel) => shapeOf(vowel, { pitch }));
  if (aa === undefined || ee === undefined || oo === undefined || oh === undefined) {
    throw new Error('No shape');
  }
  expect(aa.open).toBeGreaterThan(0.8);
  expect(aa.wide).toBeGreaterThan(-0.6);
  for (const close of [ee, oo]) {
    expect(close.open).toBeGreaterThan(0.2);
    expect(close.open).toBeLessThan(0.6 * aa.open);
  }
  expect(ee.wide).toBeGreaterThan(0.5);
  expect(oo.wide).toBeLessThan(-0.8);
  expect(oh.wide).toBeLessThan(aa.wide);
  expect(Math.max(aa.teeth, ee.teeth, oo.teeth)).toBe(0);
});

test('the teeth come together for a hiss, and the lips close for a hum', () => {
  const hiss = shapeOf('ss', { loudness: 0.05 });
  expect(hiss.teeth).toBeGreaterThan(0.9);
  expect(hiss.open).toBeLessThan(0.25);
  expect(shapeOf('mm', { loudness: 0.05 })).toEqual(REST);
});

test('silence and barely audible noise give a mouth at rest', () => {
  expect(shapeOf('pause')).toEqual(REST);
  expect(shapeOf('ss', { loudness: 0.002 })).toEqual(REST);
  expect(new Visemes().next(new Int16Array())).toEqual(REST);
});

test('the mouth moves smoothly from sound to sound, and rests within half a second after the last', () => {
  const motion = new Motion();
  const sounds = (['aa', 'ee', 'oo', 'ss', 'aa', 'mm', 'oh'] as const).flatMap((sound) =>
    frames(sound, 0.12),
  );
  const mouths = [...sounds, ...frames('pause', 0.48)].map(
    (frame, index) => motion.pose(40 * index, frame).mouth,
  );
  for (const [index, mouth] of mouths.slice(1).entries()) {
    const before = mouths[index] ?? REST;
    // A mouth that opens may take any shape.
    if (before.open > 0) expect(Math.abs(mouth.wide - before.wide)).toBeLessThan(1.1);
    expect(Math.abs(mouth.open - before.open)).toBeLessThan(0.8);
  }
  expect(mouths.at(-1)).toEqual(REST);
});

test('most frames of a silent face repeat the one before', () => {
  const motion = new Motion();
  const silence = new Int16Array(FRAME_SAMPLES);
  const poses = Array.from({ length: 750 }, (_, index) => JSON.stringify(motion.pose(40 * index, silence)));
  const repeated = poses.filter((pose, index) => pose === poses[index - 1]).length;
  expect(repeated / poses.length).toBeGreaterThan(0.5);
});
