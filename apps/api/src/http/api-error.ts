import { errorTable, type components, type ErrorCode } from '@greenroom/contract';

import { stringLimit } from '../contract/document.ts';
import { clipped } from './clipped.ts';

/** A message or a param may quote what the caller sent, and that can be long. */
const MAX_MESSAGE_LENGTH = stringLimit('ApiError', 'message');
const MAX_PARAM_LENGTH = stringLimit('ApiError', 'param');

export interface ApiErrorOptions {
  /** Says what was wrong, what was expected and what to do. Reaches the caller: no secret, no internals. */
  message: string;
  /** Dot path of the offending field or parameter. */
  param?: string | null;
  headers?: Record<string, string>;
  /** What really happened, for the log only. */
  cause?: unknown;
}

/** A refusal the caller is meant to read. Its status and type come from the document's table of codes. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly param: string | null;
  readonly headers: Record<string, string>;

  constructor(code: ErrorCode, { message, param = null, headers = {}, cause }: ApiErrorOptions) {
    super(message, { cause });
    this.code = code;
    this.param = param;
    this.headers = headers;
  }

  get status(): number {
    return errorTable[this.code].status;
  }

  /** The one shape of every answer that is not a 2xx. Its message ends with where the code is explained, if anywhere. */
  envelope(requestId: string, page: string | null = null): components['schemas']['ApiErrorEnvelope'] {
    const pointer = page === null ? '' : ` See ${page}.`;
    return {
      error: {
        type: errorTable[this.code].type,
        code: this.code,
        message: clipped(this.message, MAX_MESSAGE_LENGTH - pointer.length) + pointer,
        param: this.param === null ? null : clipped(this.param, MAX_PARAM_LENGTH),
        request_id: requestId,
      },
    };
  }
}
