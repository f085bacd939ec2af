let serial = 0;

/** Returns a new id in the format of the server. */
export function nextId(prefix: 'sess' | 'wkr'): string {
  return `${prefix}_01KKGP79VG${String((serial += 1)).padStart(16, '0')}`;
}
