/** The length of a longer text is more useful than its beginning. */
const MAX_QUOTED = 100;

/** Quotes a text from a request in a message. */
export function quoted(text: string, quote: '`' | '"' = '`'): string {
  const characters = Array.from(text).length;
  if (characters > MAX_QUOTED) return `a string of ${characters} characters`;
  return quote + printable(withoutCredentials(text)) + quote;
}

/** Replaces control characters, and the character that would end the quotation. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, codePointName).replaceAll('`', "'");
}

function codePointName(character: string): string {
  return `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0') ?? ''}`;
}

const SCHEME = /^\s*[a-z][a-z0-9+.-]*:[/\\]+/i;

/**
 * Removes the secrets of a URL: the user and password before its last `@`, its query and its fragment. Works on invalid
 * URLs too, since a message often quotes one.
 */
function withoutCredentials(text: string): string {
  const scheme = SCHEME.exec(text)?.[0] ?? '';
  const host = text.lastIndexOf('@') + 1;
  if (scheme === '' && host === 0) return text;
  const shown = host === 0 ? text : scheme + text.slice(host);
  return shown.replace(/[?#].*$/s, '');
}

/** Returns `a`, `b` and `c`, each as code. */
export function allOf(names: readonly string[]): string {
  return joined(names, 'and');
}

/** Returns `a`, `b` or `c`, each as code. */
export function oneOf(names: readonly string[]): string {
  return joined(names, 'or');
}

function joined(names: readonly string[], conjunction: string): string {
  const shown = names.map((name) => `\`${name}\``);
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} ${conjunction} ${last}`;
}

/** Short enough that the advice after a quoted value is still read. */
const MAX_SHOWN_LENGTH = 200;

/** Shortens a text to `length` UTF-16 code units. */
export function truncate(text: string, length = MAX_SHOWN_LENGTH): string {
  return text.length <= length ? text : `${withoutHalf(text.slice(0, length - 1))}…`;
}

/** Removes half a surrogate pair at the end of a cut text. */
function withoutHalf(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, '').toWellFormed();
}
