import type { components } from '../generated/wire.ts';

type ErrorType = components['schemas']['ErrorType'];
type ErrorCode = components['schemas']['ErrorCode'];

/** The errors that the client itself finds, in addition to the types of error in the responses of the API. */
export type ClientErrorType = 'connection' | 'timeout' | 'unexpected_response' | 'session_over';

/** The codes of the errors that the client makes itself. */
export type ClientErrorCode =
  'connection_failed' | 'request_timeout' | 'wait_timeout' | 'unexpected_response' | 'session_over';

/** A server newer than this client may answer with a code that is not yet in its types. */
type NewerCode = string & Record<never, never>;

export interface GreenroomErrorDetails {
  readonly type: ErrorType | ClientErrorType;
  readonly code: ErrorCode | ClientErrorCode | NewerCode;
  readonly message: string;
  readonly param?: string | null;
  readonly status?: number | null;
  readonly requestId?: string | null;
  readonly retryAfterMs?: number | undefined;
}

/**
 * Whatever goes wrong between a call and its answer. Base of every error of this package, and itself the error that
 * the API answered with. It carries no request, no header and no cause, and so neither the API key nor a token.
 */
export class GreenroomError extends Error {
  override readonly name: string = 'GreenroomError';
  /** The kind of error, enough to decide what to do. */
  readonly type: GreenroomErrorDetails['type'];
  /** Which error of that kind; stable, unlike the message. */
  readonly code: GreenroomErrorDetails['code'];
  /** The field or parameter at fault as a dotted path, or null. */
  readonly param: string | null;
  /** The HTTP status of the answer, or null when there was none. */
  readonly status: number | null;
  /** The id of the request, to be quoted when asking for help; null when it is not known. */
  readonly requestId: string | null;
  /** How long the server asked to be left alone, in milliseconds; absent when it did not ask. */
  declare readonly retryAfterMs?: number;

  constructor(details: GreenroomErrorDetails) {
    super(details.message);
    this.type = details.type;
    this.code = details.code;
    this.param = details.param ?? null;
    this.status = details.status ?? null;
    this.requestId = details.requestId ?? null;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
  }
}
