import type { FaceGeometry } from './face-geometry.ts';

/** How far beyond the lips' edges the line may run, in widths of the mouth: landmarks are not exact. */
const MARGIN = 0.03;
/** The distance between the lips from which the mouth counts as open, in widths of the mouth. */
const OPEN = 0.1;
/** The brightness that is added at the upper lip of an open mouth, of 255. */
const BIAS = 120;

/**
 * Returns where the lips of a portrait part: the height in the face for each pixel across the mouth, from corner to
 * corner. It is the darkest line between the lips, which in an open mouth runs below the upper teeth.
 */
export function lipLine(pixels: Uint8Array, side: number, geometry: FaceGeometry): Float32Array {
  const columns = Math.ceil(geometry.mouthWidth) + 1;
  const margin = Math.max(1, MARGIN * geometry.mouthWidth);
  const xOf = (column: number) => column - (columns - 1) / 2;
  const bands = Array.from({ length: columns }, (_, column) => {
    const { upper, lower } = geometry.lipsAt(xOf(column));
    // The lips meet at the corners, so the line is fixed there.
    const nearCorner = 1 - Math.abs((2 * column) / (columns - 1) - 1);
    const slack = margin * Math.min(1, nearCorner * 4);
    const isOpen = Math.min(1, (lower - upper) / (OPEN * geometry.mouthWidth));
    return {
      top: Math.floor(Math.min(upper, lower) - slack),
      bottom: Math.ceil(lower + slack),
      /** The brightness to add at a height, so that the line does not run above the teeth of a smile. */
      bias: (y: number) =>
        BIAS * isOpen * Math.min(1, Math.max(0, (lower - y) / Math.max(1, lower - upper))) ** 2,
    };
  });
  const first = Math.min(...bands.map(({ top }) => top));
  const rows = Math.max(...bands.map(({ bottom }) => bottom)) - first + 1;
  // The brightness of the darkest line to each position, by column and row, and the row from which that line came.
  const sums = new Float32Array(columns * rows).fill(Infinity);
  const origins = new Int32Array(columns * rows);
  for (const [column, { top, bottom, bias }] of bands.entries()) {
    for (let row = top - first; row <= bottom - first; row += 1) {
      let [best, origin] = [column === 0 ? 0 : Infinity, row];
      for (let from = Math.max(0, row - 1); column > 0 && from <= Math.min(rows - 1, row + 1); from += 1) {
        const sum = sums[(column - 1) * rows + from] ?? Infinity;
        if (sum < best) [best, origin] = [sum, from];
      }
      const { x, y } = geometry.toImage({ x: xOf(column), y: row + first });
      sums[column * rows + row] = best + brightness(pixels, side, x, y) + bias(row + first);
      origins[column * rows + row] = origin;
    }
  }
  const last = sums.subarray((columns - 1) * rows);
  let row = last.indexOf(Math.min(...last));
  const line = new Float32Array(columns);
  for (let column = columns - 1; column >= 0; column -= 1) {
    line[column] = row + first;
    row = origins[column * rows + row] ?? row;
  }
  return smoothed(line);
}

function brightness(pixels: Uint8Array, side: number, x: number, y: number): number {
  const within = (value: number) => Math.min(Math.max(0, Math.round(value)), side - 1);
  const at = (within(y) * side + within(x)) * 4;
  return (pixels[at] ?? 0) * 0.3 + (pixels[at + 1] ?? 0) * 0.59 + (pixels[at + 2] ?? 0) * 0.11;
}

/** Rounds off the steps of whole pixels. */
function smoothed(line: Float32Array): Float32Array {
  const reach = 2;
  return line.map((_, index) => {
    const window = line.subarray(Math.max(0, index - reach), index + reach + 1);
    return window.reduce((sum, height) => sum + height, 0) / window.length;
  });
}
