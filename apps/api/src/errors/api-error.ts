import { errorTable, type ErrorCode } from '@greenroom/contract';

import type { AnyOptions, ErrorArguments } from './error-arguments.ts';
import { maskSecrets } from './mask-secrets.ts';
import { printable, truncate } from './message-text.ts';

/** An error of the document's table of codes, which gives its status, its type and the template of its message. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly param: string | null;
  /** The parameters of the message. */
  readonly values: Readonly<Record<string, string | number>>;
  /** Headers of the response, in addition to those that follow from the code and the values. */
  readonly headers: Record<string, string>;

  constructor(...[code, options = {}]: ErrorArguments) {
    const { situation = 'default', param = null, values = {}, headers = {}, cause }: AnyOptions = options;
    const all = { ...values, ...(param !== null && { param: printable(truncate(param)) }) };
    super(maskSecrets(rendered(code, situation, all)), { cause });
    this.code = code;
    this.param = param === null ? null : maskSecrets(param);
    this.values = values;
    this.headers = headers;
  }
}

function rendered(code: ErrorCode, situation: string, values: Record<string, string | number>): string {
  const templates: Record<string, string> = errorTable[code].messages;
  return (templates[situation] ?? code).replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}
