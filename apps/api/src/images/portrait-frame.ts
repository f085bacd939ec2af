import type { Face, Point, Size } from './face-finder.ts';
import type { FaceFailure, Landmarks } from './ipc.ts';

/** Landmarks of MediaPipe's face mesh. The side that is left in the image comes first. */
const FOREHEAD = 10;
const CHIN = 152;
const UPPER_LIP = [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308];
const LOWER_LIP = [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308];
const JAW = [132, 58, 172, 136, 150, 149, 176, 148, CHIN, 377, 400, 378, 379, 365, 397, 288, 361];

/** Another face counts from this share of the height of the largest one. Smaller ones are in the background. */
const MIN_SHARE_OF_LARGEST = 0.5;
/** Angles in radians: 30 degrees. */
const MAX_TURN = Math.PI / 6;
/** Forehead to chin, in pixels of the source image. */
const MIN_FACE_HEIGHT = 96;
/** The side of the portrait, in heights of the face. */
const MAX_FACE_HEIGHTS = 3;
/** The height of the face's centre in the portrait, from the top. */
const FACE_CENTRE = 0.45;

/** A square of an image, in pixels. */
interface Square {
  left: number;
  top: number;
  side: number;
}

/** Returns the square around the only face of an image, with its landmarks; or why there is none. */
export function framePortrait(
  faces: readonly Face[],
  size: Size,
): { square: Square; landmarks: Landmarks } | { failure: FaceFailure } {
  const [face, other] = [...faces].sort((a, b) => heightOf(b) - heightOf(a));
  if (face === undefined) return { failure: 'no_face' };
  if (other !== undefined && heightOf(other) >= heightOf(face) * MIN_SHARE_OF_LARGEST) {
    return { failure: 'several_faces' };
  }
  if ([face.yaw, face.pitch, rollOf(face)].some((angle) => Math.abs(angle) > MAX_TURN)) {
    return { failure: 'face_turned' };
  }
  if (heightOf(face) < MIN_FACE_HEIGHT) return { failure: 'face_too_small' };
  const square = squareAround(face, size);
  const points = (indices: number[]) => indices.map((index) => relativeTo(square, pointOf(face, index)));
  const landmarks = { upper_lip: points(UPPER_LIP), lower_lip: points(LOWER_LIP), jaw: points(JAW) };
  const isInside = ({ x, y }: Point) => Math.min(x, y) >= 0 && Math.max(x, y) <= 1;
  if (!Object.values(landmarks).flat().every(isInside)) return { failure: 'face_cut_off' };
  return { square, landmarks };
}

function squareAround(face: Face, { width, height }: Size): Square {
  const side = Math.floor(Math.min(width, height, heightOf(face) * MAX_FACE_HEIGHTS));
  const forehead = pointOf(face, FOREHEAD);
  const chin = pointOf(face, CHIN);
  const left = (forehead.x + chin.x) / 2 - side / 2;
  const top = (forehead.y + chin.y) / 2 - side * FACE_CENTRE;
  const within = (value: number, max: number) => Math.round(Math.min(Math.max(0, value), max));
  return { left: within(left, width - side), top: within(top, height - side), side };
}

function heightOf(face: Face): number {
  const forehead = pointOf(face, FOREHEAD);
  const chin = pointOf(face, CHIN);
  return Math.hypot(chin.x - forehead.x, chin.y - forehead.y);
}

/** The tilt of the head in the image, 0 when it is upright. */
function rollOf(face: Face): number {
  const forehead = pointOf(face, FOREHEAD);
  const chin = pointOf(face, CHIN);
  return Math.atan2(forehead.x - chin.x, chin.y - forehead.y);
}

function pointOf({ mesh }: Face, index: number): Point {
  const point = mesh[index];
  if (point === undefined) throw new Error(`The face has no landmark ${index}.`);
  return point;
}

function relativeTo({ left, top, side }: Square, { x, y }: Point): Point {
  return { x: (x - left) / side, y: (y - top) / side };
}
