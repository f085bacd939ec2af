const SECRETS = [
  /\bBearer\s+[^\s"',]+/gi,
  /\b(?:sk|wk)_[A-Za-z0-9_-]{8,}/g,
  // A JSON Web Token, such as a worker token: base64url of `{"` is `eyJ`.
  /\beyJ[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){1,2}/g,
];

/**
 * Replaces the API key and other keys and tokens in a text from outside: a proxy or the caller's `fetch` may quote the
 * request in its errors.
 */
export function redact(text: string, apiKey: string): string {
  return SECRETS.reduce(
    (clean, secret) => clean.replace(secret, '[redacted]'),
    text.replaceAll(apiKey, '[redacted]'),
  );
}
