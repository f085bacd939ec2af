/**
 * What `work` resolves with. It goes on when its time is up, for what cannot be aborted.
 *
 * @throws when it takes longer than `ms` milliseconds, or as `work` does
 */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Not done within ${ms} ms`)), ms);
  });
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}
