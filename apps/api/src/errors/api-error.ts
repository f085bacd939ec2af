import { errorTable, limits, type components, type ErrorCode } from '@greenroom/contract';

import type { AnyOptions, ErrorArguments } from './error-arguments.ts';
import { maskSecrets } from './mask-secrets.ts';
import { truncate } from './truncate.ts';
import { printable } from './words.ts';

/** A message or a param may quote a long value of the request. */
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
    const all = { ...values, ...(param !== null && { param: printable(truncate(param)) }) };
    super(maskSecrets(rendered(code, situation, all)), { cause });
    this.code = code;
    this.param = param === null ? null : maskSecrets(param);
    this.headers = headers;
  }

  get status(): number {
    return errorTable[this.code].status;
  }

  /**
   * Returns the body of every error response. The message ends with the page that explains the code, if there is one.
   */
  envelope(requestId: string, page: string | null = null): components['schemas']['ApiErrorEnvelope'] {
    const pointer = page === null ? '' : ` See ${page}.`;
    return {
      error: {
        type: errorTable[this.code].type,
        code: this.code,
        message: truncate(this.message, MAX_MESSAGE_LENGTH - pointer.length) + pointer,
        param: this.param === null ? null : truncate(this.param, MAX_PARAM_LENGTH),
        request_id: requestId,
      },
    };
  }
}

function rendered(code: ErrorCode, situation: string, values: Record<string, string | number>): string {
  const templates: Record<string, string> = errorTable[code].messages;
  return (templates[situation] ?? code).replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}
