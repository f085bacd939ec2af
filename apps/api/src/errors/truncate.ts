/** Room for what the caller sent where a message quotes it: the advice that follows must still be read. */
const MAX_QUOTE_LENGTH = 200;

/** A text, or its beginning where it is longer than `length` UTF-16 code units. */
export function truncate(text: string, length = MAX_QUOTE_LENGTH): string {
  return text.length <= length ? text : `${withoutHalf(text.slice(0, length - 1))}…`;
}

/** A text without the half of a surrogate pair that it was cut in, and well-formed. */
function withoutHalf(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, '').toWellFormed();
}
