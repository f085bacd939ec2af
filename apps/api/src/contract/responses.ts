import type { ServerResponse } from 'node:http';

import type { OperationId, operations } from '@greenroom/contract';

/** Writes a response that has no end, and resolves when it is over. */
export type StreamBody = (response: ServerResponse) => Promise<void>;

/**
 * The result of a handler: a 2xx response, or 304. JSON is returned as a value, a stream as the function that writes
 * it, and any other media type as bytes.
 */
export interface HandlerResponse {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** A response that the document declares for an operation. */
export type OperationResponse<Id extends OperationId> = {
  [Status in SuccessStatus<Id>]: { status: Status; headers?: Record<string, string> } & BodyOf<
    operations[Id]['responses'][Status]
  >;
}[SuccessStatus<Id>];

type SuccessStatus<Id extends OperationId> = Successful<keyof operations[Id]['responses']>;
type Successful<Status> = Status extends number
  ? `${Status}` extends `2${string}` | '304'
    ? Status
    : never
  : never;

type BodyOf<Response> = Response extends { content: { 'application/json': infer Body } }
  ? { body: Body }
  : Response extends { content: { 'text/event-stream': unknown } }
    ? { body: StreamBody }
    : Response extends { content: object }
      ? { body: Uint8Array }
      : { body?: never };
