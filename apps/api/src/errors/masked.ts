/** An API key, a worker key, or a JSON Web Token. */
const SECRET = /\b((?:sk_(?:live|test)|wk)_|eyJ)[\w-]{8,}(?:\.[\w-]*)*/g;

/** Returns a text with only the beginnings of the secrets in it: a caller may have sent one in the wrong place. */
export function masked(text: string): string {
  return text.replaceAll(SECRET, '$1…');
}
