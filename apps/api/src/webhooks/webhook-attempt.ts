import type { components } from '@greenroom/contract';
import type { Logger } from 'pino';
import { Webhook } from 'standardwebhooks';

import { currentTime } from '../common/clock.ts';
import { eventResource } from '../events/event-resource.ts';
import type { AddressPolicy } from '../outbound/address-policy.ts';
import { OutboundError, postOutbound } from '../outbound/outbound-request.ts';
import type { ResolveHost } from '../outbound/resolve-host.ts';
import type { TokenCipher } from '../sessions/token-cipher.ts';
import type { Attempt } from './webhook-delivery-repository.ts';
import type { Claim } from './webhook-queue-repository.ts';
import { openSecret } from './webhook-secret.ts';

type Event = components['schemas']['Event'];

const TIMEOUT_MS = 15_000;
/** The errors of attempts that sent no request. */
const OURS = ['event_deleted', 'event_unreadable', 'secret_unreadable'];

export interface AttemptOptions {
  cipher: TokenCipher;
  policy: AddressPolicy;
  /** `TIMEOUT_MS` by default. */
  timeoutMs?: number;
  resolve?: ResolveHost;
  log: Logger;
}

/** Sends a delivery once. Returns how that ended. */
export async function attemptDelivery(claim: Claim, options: AttemptOptions): Promise<Attempt> {
  const sentAt = currentTime();
  const started = performance.now();
  const ended = (result: Pick<Attempt, 'status_code' | 'error' | 'response'>): Attempt => ({
    attempted_at: sentAt.toISOString(),
    duration_ms: Math.round(performance.now() - started),
    ...result,
  });
  const failed = (error: string) => ended({ status_code: null, error, response: null });
  let event: Event | null;
  let body: string;
  try {
    event = eventOf(claim);
    if (event === null) return failed('event_deleted');
    body = JSON.stringify({ type: event.type, timestamp: event.created_at, data: event });
  } catch (error) {
    options.log.error({ err: error, delivery: claim.id }, 'could not read the event of a webhook');
    return failed('event_unreadable');
  }
  const signature = sign(claim, sentAt, body, options.cipher);
  if (signature === null) return failed('secret_unreadable');
  const url = new URL(claim.url);
  // It was allowed when the endpoint got its URL.
  if (url.protocol !== 'https:' && !options.policy.allowLoopback) return failed('address_refused');
  try {
    const { status, excerpt } = await postOutbound({
      ...options,
      url,
      headers: {
        'Content-Type': 'application/json',
        'User-Agent': 'Greenroom-Webhooks/1.0',
        'webhook-id': event.id,
        'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
        'webhook-signature': signature,
      },
      body,
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    });
    return ended({ status_code: status, error: errorOf(status), response: excerpt });
  } catch (error) {
    if (error instanceof OutboundError) return failed(error.failure);
    throw error;
  }
}

function eventOf({ orgId, mode, event, sample }: Claim): Event | null {
  if (sample !== null) return sample as Event;
  return event === null ? null : eventResource({ ...event, orgId, mode });
}

/** Whether an attempt failed because of the endpoint. No request was sent otherwise. */
export function isOfEndpoint(error: Attempt['error']): boolean {
  return error === null || !OURS.includes(error);
}

function errorOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  return status >= 300 && status < 400 ? 'redirect' : 'status';
}

/**
 * Returns the signatures by the secret, and by the previous one while it signs and can be read; null when the secret cannot
 * be read.
 */
function sign(claim: Claim, sentAt: Date, body: string, cipher: TokenCipher): string | null {
  const { secretEncrypted, previousSecretEncrypted, previousSecretExpiresAt, eventId } = claim;
  const endpoint = { ...claim, id: claim.endpointId };
  const signBy = (sealed: Uint8Array) => {
    try {
      return new Webhook(openSecret(cipher, endpoint, sealed)).sign(eventId, sentAt, body);
    } catch {
      return null;
    }
  };
  const signature = signBy(secretEncrypted);
  const signsPrevious = previousSecretExpiresAt !== null && previousSecretExpiresAt > sentAt;
  if (signature === null || previousSecretEncrypted === null || !signsPrevious) return signature;
  const previous = signBy(previousSecretEncrypted);
  return previous === null ? signature : `${signature} ${previous}`;
}
