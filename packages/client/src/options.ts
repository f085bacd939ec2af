/** What `createGreenroom` takes. */
export interface GreenroomOptions {
  /** Your key, `sk_live_…` or `sk_test_…`. */
  readonly apiKey: string;
  /** Where the API is, without `/v1`, such as `http://localhost:4000`. Slashes at its end do no harm. */
  readonly baseUrl: string;
  /** Used instead of the global `fetch`. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** How long one attempt of a request may take, in milliseconds, its answer's body included. Default 30 000. */
  readonly timeoutMs?: number | undefined;
  /** How many times a request that may be repeated is sent again after it failed. Default 2. */
  readonly maxRetries?: number | undefined;
}

/** What every method takes as its last argument. */
export interface RequestOptions {
  /** Cancels the request, and any wait before it is sent again. The call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** As in `createGreenroom`, for this call. */
  readonly timeoutMs?: number | undefined;
  /** As in `createGreenroom`, for this call. */
  readonly maxRetries?: number | undefined;
  /** Headers to send in addition to the client's own. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What a method takes whose operation has an `Idempotency-Key`. */
export interface IdempotentRequestOptions extends RequestOptions {
  /** 1 to 255 characters that name this attempt. Left out, each call makes one of its own and keeps it when it retries. */
  readonly idempotencyKey?: string | undefined;
}
