/**
 * A pool of resources for work with keys: each key uses one resource at most, and waiting keys are served round-robin.
 */
export class FairPool<Resource> {
  readonly #free: Resource[];
  readonly #running = new Set<string>();
  /** The waiting work of each key, in the order in which the keys are served. */
  readonly #waiting = new Map<string, ((resource: Resource) => void)[]>();

  constructor(resources: readonly Resource[]) {
    this.#free = [...resources];
  }

  /** Runs work with a resource. Rejects with the signal's reason when it aborts before the work starts. */
  async run<Result>(
    key: string,
    work: (resource: Resource) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    const resource = await this.#acquire(key, signal);
    try {
      return await work(resource);
    } finally {
      this.#free.push(resource);
      this.#running.delete(key);
      this.#startNext();
    }
  }

  #acquire(key: string, signal: AbortSignal | undefined): Promise<Resource> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const start = (resource: Resource): void => {
        signal?.removeEventListener('abort', cancel);
        resolve(resource);
      };
      const cancel = (): void => {
        this.#remove(key, start);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', cancel, { once: true });
      const queue = this.#waiting.get(key);
      if (queue === undefined) this.#waiting.set(key, [start]);
      else queue.push(start);
      this.#startNext();
    });
  }

  #remove(key: string, start: (resource: Resource) => void): void {
    const left = (this.#waiting.get(key) ?? []).filter((one) => one !== start);
    if (left.length === 0) this.#waiting.delete(key);
    else this.#waiting.set(key, left);
  }

  #startNext(): void {
    for (const [key, [start, ...others]] of this.#waiting) {
      if (start === undefined || this.#running.has(key)) continue;
      const resource = this.#free.pop();
      if (resource === undefined) return;
      this.#waiting.delete(key);
      // Behind the keys that were not served yet.
      if (others.length > 0) this.#waiting.set(key, others);
      this.#running.add(key);
      start(resource);
    }
  }
}
