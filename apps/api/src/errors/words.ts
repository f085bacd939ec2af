/** A longer text tells less than its length. */
const MAX_QUOTED = 100;

/** Returns a text that a caller sent as a message shows it. */
export function quoted(text: string, quote: '`' | '"' = '`'): string {
  const characters = Array.from(text).length;
  if (characters > MAX_QUOTED) return `a text of ${characters} characters`;
  return quote + withoutCredentials(text).replaceAll(/\p{Cc}/gu, codePointName) + quote;
}

function codePointName(character: string): string {
  return `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0') ?? ''}`;
}

/** A URL can have a password, or a token in its query. */
function withoutCredentials(text: string): string {
  const isUrl = /^\w+:\/\//.test(text);
  return isUrl ? text.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*$/s, '') : text;
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
