/** Finds faces in images. Takes 120 MB and blocks its thread, so only the decoder process imports this file. */
import { once } from 'node:events';
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

/** Loads the models once. A process in which that fails cannot find faces. */
export async function loadFaceFinder(): Promise<void> {
  await (loading ??= load());
}

/**
 * Returns the pixels of an image in which `findFaces` searches.
 *
 * @throws sharp's error when the image cannot be decoded
 */
export function pixelsToSearch(image: Sharp): Promise<Buffer> {
  return image
    .resize(SIDE, SIDE, { fit: 'contain', background: FILL })
    .flatten({ background: FILL })
    .toColourspace('srgb')
    .raw()
    .toBuffer();
}

/** Returns the faces in an image of a size. Rejects when the models cannot be loaded or run. */
export async function findFaces(pixels: Uint8Array, size: Size): Promise<Face[]> {
  const { human, tensor3d } = await (loading ??= load());
  const input = tensor3d(pixels, [SIDE, SIDE, 3], 'int32');
  try {
    const { face: faces, error } = await orUnhandledRejection(human.detect(input));
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

/** Rejects with an unhandled rejection: when a model fails, the library has one and never settles its own promise. */
async function orUnhandledRejection<Result>(result: Promise<Result>): Promise<Result> {
  const settled = new AbortController();
  const unhandled = once(process, 'unhandledRejection', { signal: settled.signal });
  const failed = unhandled.then(([reason]) => {
    throw new Error(`A model failed: ${String(reason)}`);
  });
  try {
    return await Promise.race([result, failed]);
  } finally {
    settled.abort();
  }
}

async function load(): Promise<Finder> {
  // The library only logs that it cannot load a model.
  const failures: string[] = [];
  // The library fetches its models, and `fetch` does not read files. Nothing else in this process fetches.
  globalThis.fetch = async (url) => {
    try {
      return new Response(await readFile(new URL(url)));
    } catch (error) {
      failures.push(String(error));
      throw error;
    }
  };
  // The build without native code. The package exports only the one that needs it.
  const { Human } = require(join(library, 'dist', 'human.node-wasm.js')) as typeof Library;
  const off = { enabled: false };
  const human = new Human({
    backend: 'wasm',
    wasmPath: join(wasm, '/'),
    modelBasePath: pathToFileURL(join(library, 'models', '/')).href,
    debug: false,
    // Disables caching, because images are not frames of one video.
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
  if (failures.length > 0) throw new Error(`The models cannot be read: ${failures.join('; ')}`);
  // TensorFlow's listener ends the process.
  process.removeAllListeners('unhandledRejection');
  const { tensor3d } = await import('@tensorflow/tfjs-core');
  return { human, tensor3d };
}
