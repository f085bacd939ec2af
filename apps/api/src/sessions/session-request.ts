import type { validatedOperations } from '@greenroom/contract';

import type { SessionConfig } from '../config.ts';
import { ApiError } from '../http/api-error.ts';
import { schemaLimit, schemaValues } from '../contract/document.ts';
import { clipped } from '../http/clipped.ts';
import type { Tenant } from '../tenant.ts';

type Body = validatedOperations['sessions.create']['requestBody']['content']['application/json'];
type LiveKitTransport = Extract<Body['transport'], { type: 'livekit' }>;

const MAX_METADATA_BYTES = schemaLimit('Metadata', 'x-max-json-bytes');
const SIMULATIONS = schemaValues('Metadata', 'x-simulations');

/** @throws {ApiError} 400 for a transport that is reserved, or an unencrypted URL where none is allowed */
export function requireLiveKit(
  transport: Body['transport'],
  { allowInsecureUrls }: SessionConfig,
): LiveKitTransport {
  if (transport.type !== 'livekit') {
    throw new ApiError('transport.unsupported', {
      message: `The transport ${transport.type} is reserved and not served yet. Use "livekit".`,
      param: 'transport.type',
    });
  }
  if (!URL.canParse(transport.url)) {
    throw new ApiError('body.invalid', {
      message:
        'transport.url is not a URL. Give the address of your LiveKit server, such as wss://example.livekit.cloud.',
      param: 'transport.url',
    });
  }
  if (transport.url.startsWith('ws://') && !allowInsecureUrls) {
    throw new ApiError('transport.insecure_url', {
      message: 'transport.url is unencrypted, which this server does not allow. Use wss://.',
      param: 'transport.url',
    });
  }
  return transport;
}

/** @throws {ApiError} 422 where the metadata cannot be kept as it is, or names a simulation that there is not */
export function requireStorableMetadata(metadata: Body['metadata'], { mode }: Tenant): Body['metadata'] {
  const bytes = Buffer.byteLength(JSON.stringify(metadata));
  if (bytes > MAX_METADATA_BYTES) {
    throw new ApiError('metadata.too_large', {
      message: `metadata is ${bytes} bytes of JSON and at most ${MAX_METADATA_BYTES} are kept. Store less, or a reference.`,
      param: 'metadata',
    });
  }
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'number' || Math.abs(value) <= Number.MAX_SAFE_INTEGER) continue;
    const param = `metadata.${key}`;
    throw new ApiError('metadata.invalid_number', {
      message: `${clipped(param)} is a number beyond ±(2^53−1), which cannot be kept exactly. Send it as a string.`,
      param,
    });
  }
  const { simulate } = metadata;
  if (mode === 'test' && simulate !== undefined && !SIMULATIONS.includes(String(simulate))) {
    throw new ApiError('body.invalid', {
      message: `metadata.simulate must be one of ${SIMULATIONS.join(', ')} on a test session. Correct it, or leave it out for a normal run.`,
      param: 'metadata.simulate',
    });
  }
  return metadata;
}
