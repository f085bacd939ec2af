/** Short enough that the advice after a quoted value is still read. */
const MAX_QUOTE_LENGTH = 200;

/** Shortens a text to `length` UTF-16 code units. */
export function truncate(text: string, length = MAX_QUOTE_LENGTH): string {
  return text.length <= length ? text : `${withoutHalf(text.slice(0, length - 1))}…`;
}

/** Removes half a surrogate pair at the end of a cut text. */
function withoutHalf(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, '').toWellFormed();
}
