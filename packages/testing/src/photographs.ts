import { readFile } from 'node:fs/promises';

/** Returns a photograph as JPEG: a face from the front, a head from the side, or no person. */
export function photograph(name: 'face' | 'profile' | 'cat'): Promise<Buffer> {
  return readFile(new URL(`../photographs/${name}.jpg`, import.meta.url));
}

type Line = { x: number; y: number }[];

/** Returns the landmarks of the face in `photograph('face')`, relative to the whole image. */
export async function faceLandmarks(): Promise<{ upper_lip: Line; lower_lip: Line; jaw: Line }> {
  const json = await readFile(new URL('../photographs/face.json', import.meta.url), 'utf8');
  return JSON.parse(json) as { upper_lip: Line; lower_lip: Line; jaw: Line };
}
