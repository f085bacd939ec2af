import { expect, test } from '@jest/globals';

import { maskSecrets, maskSecretsInPath } from './mask-secrets.ts';

const BODY = 'abcdefghijklmnop';
const TOKEN = `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.${BODY}`;

test.each([
  [`sk_live_${BODY}`, 'sk_live_…'],
  [`SK_LIVE_${BODY}`, 'SK_LIVE_…'],
  [`key_sk_live_${BODY}`, 'key_sk_live_…'],
  [`metadata.my_sk_test_${BODY}`, 'metadata.my_sk_test_…'],
  [`xsk_live_${BODY}`, 'xsk_live_…'],
  [`wk_${BODY} and whsec_${BODY}`, 'wk_… and whsec_…'],
  [`media mt_${'x'.repeat(43)}, fmt_${BODY}`, `media mt_…, fmt_${BODY}`],
  [`sk%255Flive%5f${BODY}`, 'sk%255Flive%5f…'],
  [`Bearer%20${TOKEN}`, 'Bearer%20eyJ…'],
  ['`transport.worker_identity` of session sess_1', '`transport.worker_identity` of session sess_1'],
])('%s is masked as %s', (text, shown) => {
  expect(maskSecrets(text)).toBe(shown);
});

test.each([
  [`/v1/Bearer%20sk_live_${BODY}`, '/v1/Bearer sk_live_…'],
  [`/v1/%20sk_live_${BODY}`, '/v1/ sk_live_…'],
  [`/v1/Bearer%20${TOKEN}/x`, '/v1/Bearer eyJ…/x'],
  [`/v1/sk%5Flive_${BODY}`, '/v1/sk_live_…'],
  [`/v1/%73k%255Flive_${BODY}`, '/v1/sk_live_…'],
  [`/v1/%ff%E9sk_live_${BODY}`, '/v1/%ff%E9sk_live_…'],
  ['/v1/caf%C3%A9%20x', '/v1/caf%C3%A9%20x'],
])('the path %s is masked as %s', (path, shown) => {
  expect(maskSecretsInPath(path)).toBe(shown);
});
