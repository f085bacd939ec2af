/** A page of a list. */
export interface Page<Item = unknown> {
  readonly data: readonly Item[];
  readonly has_more: boolean;
  readonly next_cursor: string | null;
}

/**
 * A list that is requested lazily: `await` requests its first page, `for await` the items of all pages.
 */
export class PagedList<Item, OnePage extends Page<Item> = Page<Item>>
  implements Promise<OnePage>, AsyncIterable<Item>
{
  readonly [Symbol.toStringTag] = 'PagedList';
  readonly #fetchPage: (startingAfter: string | undefined) => Promise<OnePage>;
  #awaited: Promise<OnePage> | undefined;

  constructor(fetchPage: (startingAfter: string | undefined) => Promise<OnePage>) {
    this.#fetchPage = fetchPage;
  }

  /** Iterates over all pages, and requests each when the loop reaches it. */
  async *pages(): AsyncGenerator<OnePage, void, undefined> {
    let cursor: string | undefined;
    for (;;) {
      const page = await this.#fetchPage(cursor);
      yield page;
      if (!page.has_more || page.next_cursor === null) return;
      cursor = page.next_cursor;
    }
  }

  /** Iterates over the items of all pages. Each loop requests the pages again. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const page of this.pages()) yield* page.data;
  }

  /** Resolves with the first page, which is requested once. */
  then<Fulfilled = OnePage, Rejected = never>(
    onFulfilled?: ((page: OnePage) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    this.#awaited ??= this.#fetchPage(undefined);
    return this.#awaited.then(onFulfilled, onRejected);
  }

  catch<Rejected = never>(
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<OnePage | Rejected> {
    return this.then(undefined, onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<OnePage> {
    return this.then().finally(onFinally);
  }
}
