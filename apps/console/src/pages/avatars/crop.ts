/** The square part of an image: a zoom of 1 is the largest square, and the centre moves between 0 and 1. */
export interface Crop {
  zoom: number;
  x: number;
  y: number;
}

export const WHOLE: Crop = { zoom: 1, x: 0.5, y: 0.5 };
export const MAX_ZOOM = 4;
/** The server scales larger ones down. */
const MAX_SIDE_PIXELS = 1024;
const JPEG_QUALITY = 0.95;

/** Returns the square in pixels of the image. */
export function squareOf(image: ImageBitmap, { zoom, x, y }: Crop) {
  const side = Math.min(image.width, image.height) / zoom;
  return { left: (image.width - side) * x, top: (image.height - side) * y, side };
}

/** Returns a crop moved by parts of its square's side, such as 0.1 to the right. */
export function moved(image: ImageBitmap, crop: Crop, right: number, down: number): Crop {
  const { side } = squareOf(image, crop);
  const shifted = (at: number, by: number, length: number) =>
    length - side < 1 ? at : Math.min(Math.max(at + (by * side) / (length - side), 0), 1);
  return { ...crop, x: shifted(crop.x, right, image.width), y: shifted(crop.y, down, image.height) };
}

/** Draws the square so that it fills a canvas. */
export function draw(canvas: HTMLCanvasElement, image: ImageBitmap, crop: Crop): void {
  const { left, top, side } = squareOf(image, crop);
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.imageSmoothingQuality = 'high';
  // JPEG has no transparency.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, left, top, side, side, 0, 0, canvas.width, canvas.height);
}

/** Resolves with the square as JPEG. Rejects when the browser cannot encode it. */
export function croppedImage(image: ImageBitmap, crop: Crop): Promise<Blob> {
  const canvas = document.createElement('canvas');
  const side = Math.max(1, Math.min(Math.round(squareOf(image, crop).side), MAX_SIDE_PIXELS));
  canvas.width = side;
  canvas.height = side;
  draw(canvas, image, crop);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('The browser cannot encode this image.')) : resolve(blob)),
      'image/jpeg',
      JPEG_QUALITY,
    );
  });
}
