import type { SKRSContext2D } from '@napi-rs/canvas';

import type { Pose } from './motion.ts';

/** Width and height of a video frame, in pixels. */
export const FACE_SIZE = 512;

/** Paints one video frame of a face in a pose. */
export type Painter = (context: SKRSContext2D, pose: Pose) => void;
