/** The memory of the server, in bytes. */
export interface MemorySample {
  requests: number;
  /** The used heap after a garbage collection. */
  heapUsed: number;
  rss: number;
}

const MIB = 2 ** 20;

/** The share of the samples that the server needs to reach its usual size. */
const WARM_UP_SHARE = 0.3;

/**
 * Returns by which factor the heap grew: the mean of the last third of the samples over the mean of the third before
 * it.
 *
 * @throws {RangeError} with fewer than four samples
 */
export function heapGrowth(samples: readonly MemorySample[]): number {
  const warm = samples.slice(Math.ceil(samples.length * WARM_UP_SHARE));
  const half = Math.floor(warm.length / 2);
  if (half === 0) throw new RangeError('The growth needs at least four samples.');
  return mean(warm.slice(-half)) / mean(warm.slice(0, half));
}

function mean(samples: readonly MemorySample[]): number {
  return samples.reduce((total, { heapUsed }) => total + heapUsed, 0) / samples.length;
}

/** Returns a table of the samples. */
export function memoryTable(samples: readonly MemorySample[]): string[] {
  return [
    '  requests    heap MiB    RSS MiB',
    ...samples.map(({ requests, heapUsed, rss }) =>
      [
        requests.toLocaleString('en').padStart(10),
        (heapUsed / MIB).toFixed(1).padStart(12),
        (rss / MIB).toFixed(1).padStart(11),
      ].join(''),
    ),
  ];
}
