import { ApiError } from '../../errors/api-error.ts';
import { quoted } from '../../errors/message-text.ts';

/** Whether PostgreSQL can store a text: it accepts neither NUL nor half a surrogate pair. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** Returns the error of a text that cannot be stored. */
export function unstorableTextError(path: readonly string[]): ApiError {
  return new ApiError('body.invalid', { situation: 'text', param: path.join('.') });
}

/** Returns the error of a key that cannot be stored, in the object at `path`. */
export function unstorableKeyError(path: readonly string[]): ApiError {
  const param = path.length === 0 ? null : path.join('.');
  const object = param === null ? 'the body' : quoted(param);
  return new ApiError('body.invalid', { situation: 'key_text', values: { object }, param });
}
