import { isIP } from 'node:net';

import { describeSchema } from '../contract/validator/describe.ts';
import { propertySchema } from '../document/schema-at.ts';
import { ApiError } from '../errors/api-error.ts';
import { quoted } from '../errors/message-text.ts';
import { isAllowedAddress, type AddressPolicy } from '../outbound/address-policy.ts';

/**
 * Checks what a URL alone shows. The addresses of its host are checked when a delivery connects, because they change.
 *
 * @throws {ApiError} 400 if nothing can be sent to it; 422 if it is not a URL
 */
export function checkWebhookUrl(text: string, policy: AddressPolicy): void {
  const param = 'url';
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) {
    const expected = describeSchema(propertySchema('WebhookEndpointCreate', 'url'));
    throw new ApiError('body.invalid', {
      situation: 'value',
      values: { expected, sent: quoted(text) },
      param,
    });
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    throw new ApiError('webhook_endpoint.insecure_url', { situation: 'credentials', param });
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const isLocalName = /^(?:.+\.)?localhost\.?$/.test(host);
  const isPrivate = isIP(host) === 0 ? isLocalName && !policy.allowLoopback : !isAllowedAddress(host, policy);
  if (isPrivate) throw new ApiError('webhook_endpoint.private_url', { param });
  if (url.protocol === 'http:' && !policy.allowLoopback) {
    throw new ApiError('webhook_endpoint.insecure_url', { situation: 'default', param });
  }
}
