/** A longer text tells less than its length. */
const MAX_QUOTED = 100;

/** Returns a text that a caller sent as a message shows it. */
export function quoted(text: string, quote: '`' | '"' = '`'): string {
  const characters = Array.from(text).length;
  if (characters > MAX_QUOTED) return `a text of ${characters} characters`;
  return quote + printable(withoutCredentials(text)) + quote;
}

/** Returns a text without control characters, and without the character that would end its quotation. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, codePointName).replaceAll('`', "'");
}

function codePointName(character: string): string {
  return `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0') ?? ''}`;
}

const SCHEME = /^\s*[a-z][a-z0-9+.-]*:[/\\]+/i;

/**
 * Removes what a URL can have of secrets: the user and password before its last `@`, and its query. The text need not
 * be a valid URL, since a mistake in it is often why it is quoted.
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
