import { faceLandmarks, photograph, speechSound } from '@greenroom/testing';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createCanvas, loadImage } from '@napi-rs/canvas';

import { FACE_SIZE } from '../src/avatar/face/face-size.ts';
import { Face } from '../src/avatar/face/face.ts';
import { portraitDrawing, type DrawPortrait } from '../src/avatar/face/portrait.ts';
import { SAMPLE_RATE } from '../src/avatar/speech/pcm.ts';
import type { PortraitLandmarks } from '../src/runtime.ts';

const FRAME = { seconds: 0.04, rate: SAMPLE_RATE };
const SPEECH = speechSound('aa', { ...FRAME, loudness: 0.2 });
const SILENCE = speechSound('pause', FRAME);

let landmarks: PortraitLandmarks;
/** A portrait of the size of a frame, so that drawing it changes no pixel; and its pixels. */
let picture: Buffer;
let source: Uint8Array;
let draw: (open: number, wide?: number) => Uint8Array;

beforeAll(async () => {
  landmarks = await faceLandmarks();
  const canvas = createCanvas(FACE_SIZE, FACE_SIZE);
  canvas.getContext('2d').drawImage(await loadImage(await photograph('face')), 0, 0, FACE_SIZE, FACE_SIZE);
  picture = canvas.toBuffer('image/png');
  source = new Uint8Array(canvas.data());
  draw = opening(await portraitDrawing(picture, landmarks));
});

/** Returns copies of the frames. */
const opening =
  (drawMouth: DrawPortrait) =>
  (open: number, wide = 0) =>
    new Uint8Array(drawMouth({ open, wide, teeth: 0 }));

/** A matcher of jest would take seconds for a million bytes. */
const isSource = (frame: Uint8Array) => Buffer.compare(frame, source) === 0;

/** Returns the pixels of a frame that differ from the portrait, with their brightness in both. */
function changes(frame: Uint8Array) {
  const brightness = (pixels: Uint8Array, at: number) =>
    ((pixels[at] ?? 0) + (pixels[at + 1] ?? 0) + (pixels[at + 2] ?? 0)) / 3;
  return Array.from({ length: FACE_SIZE ** 2 }, (_, pixel) => pixel)
    .map((pixel) => ({
      x: (pixel % FACE_SIZE) / FACE_SIZE,
      y: Math.floor(pixel / FACE_SIZE) / FACE_SIZE,
      before: brightness(source, pixel * 4),
      after: brightness(frame, pixel * 4),
    }))
    .filter(({ before, after }) => before !== after);
}

/** The number of pixels that are much darker than in the portrait: the inside of the mouth. */
const darkened = (frame: Uint8Array) =>
  changes(frame).filter((pixel) => pixel.after < pixel.before - 60).length;

describe('a portrait', () => {
  test('in silence is the source image, pixel by pixel', async () => {
    const face = await Face.create('av_custom', { image: picture, landmarks });
    for (const timeMs of [0, 80, 1_500, 9_330]) expect(isSource(face.draw(timeMs, SILENCE))).toBe(true);
  });

  test('that speaks changes only the mouth, the jaw and the neck', async () => {
    const face = await Face.create('av_custom', { image: picture, landmarks });
    const changed = changes(face.draw(0, SPEECH));
    expect(changed.length).toBeGreaterThan(1_000);
    const lips = [...landmarks.upper_lip, ...landmarks.lower_lip];
    const top = Math.min(...lips.map(({ y }) => y));
    const chin = Math.max(...landmarks.jaw.map(({ y }) => y));
    const [left, right] = [landmarks.jaw[0]?.x ?? 1, landmarks.jaw.at(-1)?.x ?? 0];
    const margin = 0.02;
    for (const { x, y } of changed) {
      expect(x).toBeGreaterThan(left - margin);
      expect(x).toBeLessThan(right + margin);
      expect(y).toBeGreaterThan(top - margin);
      expect(y).toBeLessThan(chin + (chin - top) + margin);
    }
  });

  test('keeps its version in silence, even when a drawn face would blink or move its head', async () => {
    const face = await Face.create('av_custom', { image: picture, landmarks });
    const versions = Array.from({ length: 250 }, (_, frame) => {
      face.draw(40 * frame, SILENCE);
      return face.version;
    });
    expect(new Set(versions).size).toBe(1);
    face.draw(10_000, SPEECH);
    expect(face.version).not.toBe(versions.at(-1));
  });

  test('is the source image again after its speech', async () => {
    const face = await Face.create('av_custom', { image: picture, landmarks });
    expect(isSource(face.draw(0, SPEECH))).toBe(false);
    const closing = Array.from({ length: 25 }, (_, frame) => isSource(face.draw(40 * frame, SILENCE)));
    expect(closing.at(-1)).toBe(true);
  });

  test('opens its mouth the wider the louder it speaks', () => {
    const areas = [0, 0.25, 0.5, 0.75, 1].map((open) => darkened(draw(open)));
    expect(areas[0]).toBe(0);
    expect(areas).toEqual([...areas].sort((a, b) => a - b));
    expect(new Set(areas).size).toBe(areas.length);
  });

  test('opens only the middle of its mouth for a round sound', () => {
    const width = (frame: Uint8Array) => {
      const dark = changes(frame).filter(({ before, after }) => after < before - 60);
      return Math.max(...dark.map(({ x }) => x)) - Math.min(...dark.map(({ x }) => x));
    };
    expect(width(draw(0.5, -1))).toBeLessThan(0.8 * width(draw(0.5)));
  });

  test('keeps the upper lip and the teeth, and moves the chin', () => {
    const changed = changes(draw(1));
    const middle = (line: PortraitLandmarks['jaw']) => line[Math.floor(line.length / 2)] ?? { x: 0, y: 0 };
    const isNear = (point: { x: number; y: number }) => (pixel: { x: number; y: number }) =>
      Math.hypot(pixel.x - point.x, pixel.y - point.y) < 0.01;
    const { x, y } = middle(landmarks.upper_lip);
    expect(changed.some(isNear({ x, y: y - 0.012 }))).toBe(false);
    expect(changed.some(isNear(middle(landmarks.jaw)))).toBe(true);
  });

  test('turns with the head: a tilted face opens its mouth along its own axis', async () => {
    const turn = Math.PI / 9;
    const canvas = createCanvas(FACE_SIZE, FACE_SIZE);
    const context = canvas.getContext('2d');
    context.translate(FACE_SIZE / 2, FACE_SIZE / 2);
    context.rotate(turn);
    context.drawImage(await loadImage(picture), -FACE_SIZE / 2, -FACE_SIZE / 2);
    const rotated = (line: PortraitLandmarks['jaw']) =>
      line.map(({ x, y }) => ({
        x: 0.5 + (x - 0.5) * Math.cos(turn) - (y - 0.5) * Math.sin(turn),
        y: 0.5 + (x - 0.5) * Math.sin(turn) + (y - 0.5) * Math.cos(turn),
      }));
    const { upper_lip, lower_lip, jaw } = landmarks;
    const tilted = { upper_lip: rotated(upper_lip), lower_lip: rotated(lower_lip), jaw: rotated(jaw) };
    const drawTilted = opening(await portraitDrawing(canvas.toBuffer('image/png'), tilted));
    const dark = (frame: Uint8Array, base: Uint8Array) =>
      frame.reduce((count, value, at) => count + (value < (base[at] ?? 0) - 60 ? 1 : 0), 0);
    const upright = dark(draw(1), source);
    expect(Math.abs(dark(drawTilted(1), drawTilted(0)) / upright - 1)).toBeLessThan(0.25);
  });

  test('without landmarks does not move', async () => {
    const still = opening(await portraitDrawing(picture, null));
    expect(isSource(still(1))).toBe(true);
  });
});
