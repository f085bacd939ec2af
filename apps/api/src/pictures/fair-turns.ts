/** Shares resources out to work: each key holds one at most, and the keys that wait take turns. */
export class FairTurns<Resource> {
  readonly #free: Resource[];
  readonly #running = new Set<string>();
  /** In the order in which the keys take their turns. */
  readonly #waiting = new Map<string, ((resource: Resource) => void)[]>();

  constructor(resources: readonly Resource[]) {
    this.#free = [...resources];
  }

  async run<Result>(key: string, work: (resource: Resource) => Promise<Result>): Promise<Result> {
    const resource = await this.#turn(key);
    try {
      return await work(resource);
    } finally {
      this.#free.push(resource);
      this.#running.delete(key);
      this.#startNext();
    }
  }

  #turn(key: string): Promise<Resource> {
    return new Promise((resolve) => {
      const queue = this.#waiting.get(key);
      if (queue === undefined) this.#waiting.set(key, [resolve]);
      else queue.push(resolve);
      this.#startNext();
    });
  }

  #startNext(): void {
    for (const [key, [start, ...others]] of this.#waiting) {
      if (start === undefined || this.#running.has(key)) continue;
      const resource = this.#free.pop();
      if (resource === undefined) return;
      this.#waiting.delete(key);
      // Behind the keys that have not had their turn yet.
      if (others.length > 0) this.#waiting.set(key, others);
      this.#running.add(key);
      start(resource);
    }
  }
}
