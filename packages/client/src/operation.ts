/** An operation of the document: an entry of the operation table. */
export interface Operation {
  readonly method: 'get' | 'put' | 'post' | 'delete' | 'patch';
  readonly path: string;
  readonly pathParameters: readonly string[];
  readonly queryParameters: readonly string[];
  /** The format of its request body; null when it has none. */
  readonly body: 'json' | 'form' | null;
  /** Whether it takes an `Idempotency-Key`. */
  readonly idempotencyKey: boolean;
  /** Whether it returns a page of a list. */
  readonly list: boolean;
}

const REPEATABLE_METHODS: readonly Operation['method'][] = ['get', 'put', 'delete'];

/** Returns whether a request is idempotent, by its method or by its `Idempotency-Key`. */
export function isRepeatable(operation: Operation): boolean {
  return REPEATABLE_METHODS.includes(operation.method) || operation.idempotencyKey;
}
