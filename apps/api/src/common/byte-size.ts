const KIB = 1024;
const MIB = 1024 * KIB;

/** A number of bytes as a message says it: in the largest unit of which it is a whole number. */
export function byteSize(bytes: number): string {
  if (bytes % MIB === 0) return `${bytes / MIB} MiB`;
  if (bytes % KIB === 0) return `${bytes / KIB} KiB`;
  return `${bytes} bytes`;
}
