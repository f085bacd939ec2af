import { ApiError } from './api-error.ts';
import { clipped } from './clipped.ts';

/** Whether PostgreSQL can store a text: it takes neither NUL nor half a surrogate pair. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** The error of a text that cannot be stored, or of a key in the object at `path`. */
export function unstorableText(path: readonly string[]): ApiError {
  const param = path.join('.');
  return new ApiError('body.invalid', {
    message: `${clipped(param) || 'The body'} contains a NUL character or half of a surrogate pair. Send well-formed Unicode text.`,
    param: path.length === 0 ? null : param,
  });
}
