/** One page of any list of the API. */
export interface Page<Item = unknown> {
  readonly data: readonly Item[];
  readonly has_more: boolean;
  readonly next_cursor: string | null;
}

/**
 * A list that is still to be asked for. Await it for one page, or go through it with `for await` for every item of
 * every page. Nothing is sent before that.
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

  /** Every page, from the first on, each asked for when the one before has been used up. */
  async *pages(): AsyncGenerator<OnePage, void, undefined> {
    let cursor: string | undefined;
    for (;;) {
      const page = await this.#fetchPage(cursor);
      yield page;
      if (!page.has_more || page.next_cursor === null) return;
      cursor = page.next_cursor;
    }
  }

  /** Every item of every page. Each loop requests the pages again. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const page of this.pages()) yield* page.data;
  }

  /** The first page. It is asked for once, however often it is awaited. */
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
