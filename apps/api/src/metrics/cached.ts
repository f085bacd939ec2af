/** Returns a function that resolves with a result of `load` from the last `maxAgeMs`, or with null when it failed. */
export function cached<Value>(load: () => Promise<Value>, maxAgeMs: number): () => Promise<Value | null> {
  let latest: { atMs: number; value: Promise<Value | null> } | null = null;
  return () => {
    if (latest === null || performance.now() - latest.atMs > maxAgeMs) {
      latest = { atMs: performance.now(), value: load().catch(() => null) };
    }
    return latest.value;
  };
}
