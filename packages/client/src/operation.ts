/** What the client knows of an operation at run time: an entry of the operation table. */
export interface Operation {
  readonly method: 'get' | 'put' | 'post' | 'delete' | 'patch';
  readonly path: string;
  readonly pathParameters: readonly string[];
  readonly queryParameters: readonly string[];
  /** How its body is written; null where it has none. */
  readonly body: 'json' | 'form' | null;
  /** Whether it takes an `Idempotency-Key`. */
  readonly idempotencyKey: boolean;
  /** Whether it answers one page of a list. */
  readonly list: boolean;
}

const REPEATABLE_METHODS: readonly Operation['method'][] = ['get', 'put', 'delete'];

/** Whether sending a request twice does the same as sending it once, by HTTP's rules or by its `Idempotency-Key`. */
export function isRepeatable(operation: Operation): boolean {
  return REPEATABLE_METHODS.includes(operation.method) || operation.idempotencyKey;
}
