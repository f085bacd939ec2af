import { ApiError } from './api-error.ts';

/** PostgreSQL stores neither NUL nor half a surrogate pair. */
export function requireStorable(text: string, path: readonly string[]): void {
  if (text.isWellFormed() && !text.includes('\0')) return;
  throw new ApiError('body.invalid', {
    message: `${path.join('.') || 'The body'} contains a NUL character or half of a surrogate pair. Send well-formed Unicode text.`,
    param: path.length === 0 ? null : path.join('.'),
  });
}
