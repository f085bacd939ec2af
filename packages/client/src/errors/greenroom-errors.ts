import type { components } from '../generated/wire.ts';

type ErrorType = components['schemas']['ErrorType'];
type ErrorCode = components['schemas']['ErrorCode'];
type Session = components['schemas']['Session'];

/** The types of error that the client itself finds, in addition to those of the API. */
export type ClientErrorType = 'connection' | 'timeout' | 'unexpected_response' | 'session_over';

/** The codes of the errors that the client itself finds. */
export type ClientErrorCode =
  'connection_failed' | 'request_timeout' | 'wait_timeout' | 'unexpected_response' | 'session_over';

/** A server newer than this client may respond with a code that is not yet in its types. */
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
 * An error of the API, and the base class of all errors of this package. It holds no request, no header and no cause,
 * so it cannot leak the API key or a worker token.
 */
export class GreenroomError extends Error {
  override readonly name: string = 'GreenroomError';
  /** The kind of error, enough to decide how to handle it. */
  readonly type: GreenroomErrorDetails['type'];
  /** The specific error. Stable, unlike the message. */
  readonly code: GreenroomErrorDetails['code'];
  /** The invalid field or parameter as a dotted path, or null. */
  readonly param: string | null;
  /** The HTTP status of the response, or null when there was none. */
  readonly status: number | null;
  /** The id of the request, for support; null when it is unknown. */
  readonly requestId: string | null;
  /**
   * Whether the same call can succeed later without a change. The client retries such a call itself where that is safe, up
   * to `maxRetries` times.
   */
  readonly retryable: boolean;
  /** How long the server asks the client to wait, in milliseconds. Absent when it does not ask. */
  declare readonly retryAfterMs?: number;

  constructor(details: GreenroomErrorDetails) {
    super(details.message);
    this.type = details.type;
    this.code = details.code;
    this.param = details.param ?? null;
    this.status = details.status ?? null;
    this.requestId = details.requestId ?? null;
    this.retryable = isRetryable(details);
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
  }
}

/** No complete response arrived: the server could not be reached, or the connection was lost. */
export class GreenroomConnectionError extends GreenroomError {
  override readonly name: string = 'GreenroomConnectionError';

  constructor(message: string) {
    super({ type: 'connection', code: 'connection_failed', message });
  }
}

/** A request (`request_timeout`) or `sessions.waitFor` (`wait_timeout`) did not complete in time. */
export class GreenroomTimeoutError extends GreenroomError {
  override readonly name: string = 'GreenroomTimeoutError';

  constructor(code: 'request_timeout' | 'wait_timeout', message: string) {
    super({ type: 'timeout', code, message });
  }
}

/** The session can no longer reach any of the statuses that `sessions.waitFor` waits for. */
export class GreenroomSessionOverError extends GreenroomError {
  override readonly name: string = 'GreenroomSessionOverError';
  /** The session as it is now. `failure` has the reason when it failed. */
  readonly session: Session;

  constructor(session: Session, awaited: readonly Session['status'][]) {
    const why = session.failure === null ? '' : ` (${session.failure.code}: ${session.failure.message})`;
    super({
      type: 'session_over',
      code: 'session_over',
      message: `Session ${session.id} is ${session.status}${why} and will never be ${awaited.join(' or ')}.`,
    });
    this.session = session;
  }
}

function isRetryable({ type, code, status, retryAfterMs }: GreenroomErrorDetails): boolean {
  if (type === 'connection' || type === 'timeout') return true;
  switch (status) {
    case 408: // The server did not receive the whole request, so it did nothing.
    case 502:
    case 503:
    case 504:
      return true;
    case 429:
      // A quota does not recover by itself: a session has to end, or the plan has to change.
      return type !== 'quota_exceeded';
    case 409:
      return code === 'idempotency_key.in_use' && retryAfterMs !== undefined;
    default:
      return false;
  }
}
