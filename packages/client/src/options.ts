/** The options of `createGreenroom`. */
export interface GreenroomOptions {
  /** Your key, `sk_live_…` or `sk_test_…`. */
  readonly apiKey: string;
  /** The address of the API without `/v1`, such as `http://localhost:4000`. Slashes at its end are ignored. */
  readonly baseUrl: string;
  /** Used instead of the global `fetch`. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** Timeout of one attempt in milliseconds, including the response's body. Default 30 000. */
  readonly timeoutMs?: number | undefined;
  /** How many times an idempotent request is retried. Default 2. */
  readonly maxRetries?: number | undefined;
}

/** The last argument of every method. */
export interface RequestOptions {
  /** Cancels the request and any wait before a retry. The call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Replaces the client's `timeoutMs` for this call. */
  readonly timeoutMs?: number | undefined;
  /** Replaces the client's `maxRetries` for this call. */
  readonly maxRetries?: number | undefined;
  /** Headers to send in addition to the client's own. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The last argument of a method whose operation takes an `Idempotency-Key`. */
export interface IdempotentRequestOptions extends RequestOptions {
  /** 1 to 255 characters. By default, each call generates one and keeps it for its retries. */
  readonly idempotencyKey?: string | undefined;
}
