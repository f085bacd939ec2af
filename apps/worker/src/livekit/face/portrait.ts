import { loadImage } from '@napi-rs/canvas';

import { drawMouth } from './mouth.ts';
import { FACE_SIZE, type Painter } from './painter.ts';

/** The portrait is larger than the frame, so that swaying shows no edge. */
const ZOOM = 1.05;
/** Position and width of the mouth in a typically framed portrait, relative to the frame. */
const MOUTH = { x: 0.5, y: 0.64, width: 0.17 };

/** Returns a painter that crops the portrait to the frame and draws a mouth over it while it speaks. */
export async function portraitPainter(portrait: Uint8Array): Promise<Painter> {
  const image = await loadImage(portrait);
  const scale = (FACE_SIZE / Math.min(image.width, image.height)) * ZOOM;
  const width = image.width * scale;
  const height = image.height * scale;
  return (context, { mouth, sway }) => {
    context.translate(sway.x, sway.y);
    context.drawImage(image, (FACE_SIZE - width) / 2, (FACE_SIZE - height) / 2, width, height);
    if (mouth === 0) return;
    drawMouth(context, {
      x: FACE_SIZE * MOUTH.x,
      y: FACE_SIZE * MOUTH.y,
      width: FACE_SIZE * MOUTH.width,
      open: mouth,
    });
  };
}
