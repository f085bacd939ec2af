const SECRETS = [
  /\bBearer\s+[^\s"',]+/gi,
  /\b(?:sk|wk)_[A-Za-z0-9_-]{8,}/g,
  // A JSON Web Token, such as a worker token: base64url of `{"` is `eyJ`.
  /\beyJ[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){1,2}/g,
];

/**
 * Takes the API key, and whatever looks like a key or a token, out of a text that others wrote: a proxy or a `fetch`
 * of the caller's may quote the request in its own errors.
 */
export function redact(text: string, apiKey: string): string {
  return SECRETS.reduce(
    (clean, secret) => clean.replace(secret, '[redacted]'),
    text.replaceAll(apiKey, '[redacted]'),
  );
}
