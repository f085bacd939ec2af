export const KIB = 1024;
export const MIB = 1024 * KIB;

/** Formats a number of bytes in the largest unit that divides it. */
export function byteSize(bytes: number): string {
  if (bytes % MIB === 0) return `${bytes / MIB} MiB`;
  if (bytes % KIB === 0) return `${bytes / KIB} KiB`;
  return `${bytes} bytes`;
}
