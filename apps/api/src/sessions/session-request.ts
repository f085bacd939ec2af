import { limits, type validatedOperations } from '@greenroom/contract';

import type { SessionConfig } from '../common/config.ts';
import { ApiError } from '../errors/api-error.ts';
import { schemaValues } from '../document/document.ts';
import { expectation } from '../contract/validator/expectation.ts';
import { propertySchema } from '../document/schema-at.ts';
import { oneOf, quoted } from '../errors/words.ts';
import type { Tenant } from '../common/tenant.ts';

type Body = validatedOperations['sessions.create']['requestBody']['content']['application/json'];
type LiveKitTransport = Extract<Body['transport'], { type: 'livekit' }>;

const MAX_METADATA_BYTES = limits.Metadata.maxJsonBytes;
const SIMULATIONS = schemaValues('Metadata', 'x-simulations');

/** @throws {ApiError} 400 for a transport that is reserved, or an unencrypted URL where none is allowed */
export function requireLiveKit(
  transport: Body['transport'],
  { allowInsecureUrls }: SessionConfig,
): LiveKitTransport {
  if (transport.type !== 'livekit') {
    throw new ApiError('transport.unsupported', {
      values: { transport: transport.type },
      param: 'transport.type',
    });
  }
  if (!URL.canParse(transport.url)) {
    throw new ApiError('body.invalid', {
      situation: 'value',
      values: {
        expected: expectation(propertySchema('LiveKitTransportCreate', 'url')),
        sent: quoted(transport.url),
      },
      param: 'transport.url',
    });
  }
  if (transport.url.startsWith('ws://') && !allowInsecureUrls) {
    throw new ApiError('transport.insecure_url', { param: 'transport.url' });
  }
  return transport;
}

/** @throws {ApiError} 422 where the metadata cannot be kept as it is, or names a simulation that there is not */
export function requireStorableMetadata(metadata: Body['metadata'], { mode }: Tenant): Body['metadata'] {
  const bytes = Buffer.byteLength(JSON.stringify(metadata));
  if (bytes > MAX_METADATA_BYTES) {
    throw new ApiError('metadata.too_large', {
      values: { bytes, limit: MAX_METADATA_BYTES },
      param: 'metadata',
    });
  }
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'number' || Math.abs(value) <= Number.MAX_SAFE_INTEGER) continue;
    throw new ApiError('metadata.invalid_number', { param: `metadata.${key}` });
  }
  const { simulate } = metadata;
  if (mode === 'test' && simulate !== undefined && !SIMULATIONS.includes(String(simulate))) {
    throw new ApiError('body.invalid', {
      situation: 'value',
      values: { expected: `${oneOf(SIMULATIONS)} in test mode`, sent: quoted(String(simulate)) },
      param: 'metadata.simulate',
    });
  }
  return metadata;
}
