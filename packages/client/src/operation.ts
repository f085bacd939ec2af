import type { IdempotentRequestOptions } from './options.ts';

/** An operation of the document: an entry of the operation table. */
export interface Operation {
  readonly method: 'get' | 'put' | 'post' | 'delete' | 'patch';
  readonly path: string;
  readonly pathParameters: readonly string[];
  /** Whether it takes query parameters. */
  readonly query: boolean;
  /** The format of its request body; null when it has none. */
  readonly body: 'json' | 'form' | null;
  /** Whether it takes an `Idempotency-Key`. */
  readonly idempotencyKey: boolean;
  /** Whether it returns a page of a list. */
  readonly list: boolean;
  /** Whether it returns bytes. */
  readonly binary?: true;
  /** Whether it returns server-sent events. */
  readonly stream?: true;
}

/** The arguments of a method, by their location in the request. */
export interface CallArguments {
  readonly path: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly query: Readonly<Record<string, unknown>>;
  readonly options: IdempotentRequestOptions;
}

/** Calls an operation. Resolves with the body of its success. */
export type Call = (operation: Operation, call: CallArguments) => Promise<unknown>;

const IDEMPOTENT_METHODS: readonly Operation['method'][] = ['get', 'put', 'delete'];

/** Returns whether a request is idempotent, by its method or by its `Idempotency-Key`. */
export function isIdempotent(operation: Operation): boolean {
  return IDEMPOTENT_METHODS.includes(operation.method) || operation.idempotencyKey;
}
