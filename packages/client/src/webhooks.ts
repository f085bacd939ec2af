import { Webhook, WebhookVerificationError } from 'standardwebhooks';

import type { operations } from './generated/wire.ts';

export { WebhookVerificationError };

/** The body of a delivery. `data` is the event. */
export type WebhookPayload = operations['webhooks.ping']['requestBody']['content']['application/json'];

/** The headers of a request, of `fetch` or of `node:http`, in any case. */
export type WebhookHeaders =
  Pick<Headers, 'forEach'> | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Verifies the signature and the age (at most five minutes) of a delivery, and returns its payload. Compares signatures in
 * constant time.
 *
 * @param payload the raw request body. Do not parse and serialize it again: the signature would not match.
 * @param secret the secret of the endpoint, `whsec_…`
 * @throws {WebhookVerificationError} when a header is missing, too old or too new, or no signature matches
 */
export function verifyWebhook(
  payload: string | Uint8Array,
  headers: WebhookHeaders,
  secret: string,
): WebhookPayload {
  const text = typeof payload === 'string' ? payload : new TextDecoder().decode(payload);
  return new Webhook(secret).verify(text, plainHeaders(headers)) as WebhookPayload;
}

function plainHeaders(headers: WebhookHeaders): Record<string, string> {
  const plain: Record<string, string> = {};
  if (isHeaders(headers)) {
    headers.forEach((value, name) => {
      plain[name] = value;
    });
    return plain;
  }
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name] = String(value);
  }
  return plain;
}

function isHeaders(headers: WebhookHeaders): headers is Pick<Headers, 'forEach'> {
  return typeof headers.forEach === 'function';
}
