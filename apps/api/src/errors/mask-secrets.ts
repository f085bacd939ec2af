/**
 * An API key, a worker key, a media token, a webhook secret or a JSON Web Token, after any character: a secret is found even
 * after an escape such as `%20` or a prefix.
 */
const SECRETS = [
  // An underscore may be escaped, even more than once.
  /((?:sk(?:_|%(?:25)*5f)(?:live|test)|wk|whsec)(?:_|%(?:25)*5f))[\w-]{8,}(?:\.[\w-]*)*/gi,
  // Recognised by its length, because names may contain its prefix.
  /(mt_)[\w-]{43}/g,
  // Case-sensitive: `{"` in base64url.
  /(eyJ)[\w-]{8,}(?:\.[\w-]*)*/g,
];
/** A character can be escaped more than once. */
const MAX_DECODINGS = 4;

/** Replaces all but the beginning of each secret in a text: a caller may send one in the wrong place. */
export function maskSecrets(text: string): string {
  return SECRETS.reduce((shown, secret) => shown.replaceAll(secret, '$1…'), text);
}

/** Returns a path as it was sent. Where it has a secret, however escaped, returns it decoded and masked. */
export function maskSecretsInPath(path: string): string {
  let decoded = path;
  for (let count = 0; count < MAX_DECODINGS; count += 1) decoded = decodedOnce(decoded);
  const shown = maskSecrets(decoded);
  return shown === decoded ? path : shown;
}

/** Decodes the escapes of ASCII characters. A secret has only these, and others need not be valid UTF-8. */
function decodedOnce(text: string): string {
  return text.replaceAll(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}
