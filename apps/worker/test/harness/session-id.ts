let serial = 0;

/** An id like the server's, another each time. */
export function nextId(prefix: 'sess' | 'wkr'): string {
  return `${prefix}_01KKGP79VG${String((serial += 1)).padStart(16, '0')}`;
}
