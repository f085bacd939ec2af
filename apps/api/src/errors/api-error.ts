import { errorTable, limits, type components, type ErrorCode } from '@greenroom/contract';

import { clipped } from './truncate.ts';
import type { AnyOptions, ErrorArguments } from './error-arguments.ts';
import { masked } from './masked.ts';
import { printable } from './words.ts';

/** A message or a param may quote what the caller sent, and that can be long. */
const MAX_MESSAGE_LENGTH = limits.ApiError.message.maxLength;
const MAX_PARAM_LENGTH = limits.ApiError.param.maxLength;

/** An error of the document's table of codes, which gives its status, its type and the template of its message. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly param: string | null;
  readonly headers: Record<string, string>;

  constructor(...[code, options = {}]: ErrorArguments) {
    const { situation = 'default', param = null, values = {}, headers = {}, cause }: AnyOptions = options;
    const all = { ...values, ...(param !== null && { param: printable(clipped(param)) }) };
    super(masked(rendered(code, situation, all)), { cause });
    this.code = code;
    this.param = param === null ? null : masked(param);
    this.headers = headers;
  }

  get status(): number {
    return errorTable[this.code].status;
  }

  /** The one shape of every response that is not a 2xx. Its message ends with where the code is explained, if anywhere. */
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

function rendered(code: ErrorCode, situation: string, values: Record<string, string | number>): string {
  const templates: Record<string, string> = errorTable[code].messages;
  return (templates[situation] ?? code).replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}
