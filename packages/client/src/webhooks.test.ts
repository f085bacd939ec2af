import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';

import { verifyWebhook, WebhookVerificationError } from './webhooks.ts';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(24, 8).toString('base64')}`;
const BODY = '{"type":"ping","timestamp":"2026-03-12T09:32:10.480Z","data":{"id":"evt_1"}}';

function headersAt(secondsAgo = 0, ...secrets: string[]): Record<string, string> {
  const sentAt = new Date(Date.now() - secondsAgo * 1000);
  const sign = (secret: string) => new Webhook(secret).sign('evt_1', sentAt, BODY);
  return {
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
    'webhook-signature': (secrets.length === 0 ? [SECRET] : secrets).map(sign).join(' '),
  };
}

describe('a signed payload is returned', () => {
  test.each([
    ['Node', headersAt(), BODY],
    ['fetch', new Headers(headersAt()), BODY],
    ['bytes', headersAt(), new TextEncoder().encode(BODY)],
    ['four minutes ago', headersAt(240), BODY],
    ['a rotation', headersAt(0, OTHER, SECRET), BODY],
    ['other headers', { ...headersAt(), accept: undefined, 'set-cookie': ['a', 'b'] }, BODY],
    ['capitals', { ...headersAt(), 'Webhook-Id': 'evt_1', 'webhook-id': undefined }, BODY],
  ])('%s', (_from, headers, payload) => {
    expect(verifyWebhook(payload, headers, SECRET)).toEqual(JSON.parse(BODY));
  });
});

describe('a payload is rejected', () => {
  test.each([
    ['with another body', headersAt(), BODY.replace('ping', 'pong'), SECRET],
    ['with another id', { ...headersAt(), 'webhook-id': 'evt_2' }, BODY, SECRET],
    ['by another secret', headersAt(), BODY, OTHER],
    ['six minutes old', headersAt(360), BODY, SECRET],
    ['six minutes ahead', headersAt(-360), BODY, SECRET],
    ['without headers', {}, BODY, SECRET],
    ['with an unknown version', { ...headersAt(), 'webhook-signature': 'v2,abc' }, BODY, SECRET],
    ['with half a signature', { ...headersAt(), 'webhook-signature': 'v1' }, BODY, SECRET],
  ])('%s', (_what, headers, payload, secret) => {
    expect(() => verifyWebhook(payload, headers, secret)).toThrow(WebhookVerificationError);
  });
});
