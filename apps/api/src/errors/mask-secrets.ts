/**
 * An API key, a worker key, a webhook secret or a JSON Web Token, after any character: an escape such as `%20`, or a
 * prefix that a caller put there, must not keep it from being found.
 */
const SECRETS = [
  // An underscore may be escaped, even more than once.
  /((?:sk(?:_|%(?:25)*5f)(?:live|test)|wk|whsec)(?:_|%(?:25)*5f))[\w-]{8,}(?:\.[\w-]*)*/gi,
  // In this case only: it is `{"` in base64url.
  /(eyJ)[\w-]{8,}(?:\.[\w-]*)*/g,
];
/** A character can be escaped more than once. */
const MAX_DECODINGS = 4;

/** Returns a text with only the beginnings of the secrets in it: a caller may have sent one in the wrong place. */
export function maskSecrets(text: string): string {
  return SECRETS.reduce((shown, secret) => shown.replaceAll(secret, '$1…'), text);
}

/** Returns a path as it was sent, or decoded and masked where it has a secret, however that is escaped. */
export function maskSecretsInPath(path: string): string {
  let decoded = path;
  for (let count = 0; count < MAX_DECODINGS; count += 1) decoded = decodedOnce(decoded);
  const shown = maskSecrets(decoded);
  return shown === decoded ? path : shown;
}

/** Decodes the escapes of ASCII characters. A secret has no others, and a path may have some that are not UTF-8. */
function decodedOnce(text: string): string {
  return text.replaceAll(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}
