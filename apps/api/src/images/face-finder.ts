/** Finds faces in images. Takes 100 MB and blocks its thread, so only the decoder process imports this file. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { tensor3d } from '@tensorflow/tfjs-core';
import type * as Library from '@vladmandic/human';
import type { Sharp } from 'sharp';

/** Faces are searched in a square of this side, which is filled up with grey: the detector distorts anything else. */
const SIDE = 1024;
const FILL = '#808080';
const MAX_FACES = 10;
/** The confidence of the detector, and of the model that finds the landmarks, in photographs of faces. */
const MIN_CONFIDENCE = { detector: 0.3, landmarks: 0.5 };

/** A width and height in pixels. */
export interface Size {
  width: number;
  height: number;
}

/** A point of an image, in pixels from its top left corner. */
export interface Point {
  x: number;
  y: number;
}

export interface Face {
  /** 468 landmarks in the order of MediaPipe's face mesh. */
  mesh: readonly Point[];
  /** How far the head is turned to a side, in radians. */
  yaw: number;
  /** How far it is turned up or down. */
  pitch: number;
}

const require = createRequire(import.meta.url);
const library = dirname(dirname(require.resolve('@vladmandic/human')));
const wasm = dirname(require.resolve('@tensorflow/tfjs-backend-wasm'));

interface Finder {
  human: Library.Human;
  tensor3d: typeof tensor3d;
}

let loading: Promise<Finder> | null = null;

/** Returns the faces in an image of a size. */
export async function findFaces(image: Sharp, size: Size): Promise<Face[]> {
  const { human, tensor3d } = await (loading ??= load());
  const pixels = await image
    .resize(SIDE, SIDE, { fit: 'contain', background: FILL })
    .flatten({ background: FILL })
    .toColourspace('srgb')
    .raw()
    .toBuffer();
  const input = tensor3d(pixels, [SIDE, SIDE, 3], 'int32');
  try {
    const { face: faces, error } = await human.detect(input);
    if (error !== null) throw new Error(error);
    const scale = Math.max(size.width, size.height) / SIDE;
    const left = (SIDE * scale - size.width) / 2;
    const top = (SIDE * scale - size.height) / 2;
    return faces
      .filter(({ score }) => score >= MIN_CONFIDENCE.landmarks)
      .map(({ mesh, rotation }) => ({
        mesh: mesh.map(([x, y]) => ({ x: x * scale - left, y: y * scale - top })),
        yaw: rotation?.angle.yaw ?? 0,
        pitch: rotation?.angle.pitch ?? 0,
      }));
  } finally {
    input.dispose();
  }
}

async function load(): Promise<Finder> {
  // The library fetches its models, and `fetch` does not read files. Nothing else in this process fetches.
  globalThis.fetch = async (url) => new Response(await readFile(new URL(url)));
  // The build without native code. The package exports only the one that needs it.
  const { Human } = require(join(library, 'dist', 'human.node-wasm.js')) as typeof Library;
  const off = { enabled: false };
  const human = new Human({
    backend: 'wasm',
    wasmPath: join(wasm, '/'),
    modelBasePath: pathToFileURL(join(library, 'models', '/')).href,
    debug: false,
    // Images are not frames of one video.
    cacheSensitivity: 0,
    skipAllowed: false,
    filter: off,
    face: {
      detector: {
        rotation: true,
        return: false,
        maxDetected: MAX_FACES,
        minConfidence: MIN_CONFIDENCE.detector,
      },
      iris: off,
      description: off,
      emotion: off,
    },
    body: off,
    hand: off,
    gesture: off,
  });
  await human.load();
  const { tensor3d } = await import('@tensorflow/tfjs-core');
  return { human, tensor3d };
}
