import type { validatedOperations } from '@greenroom/contract';

import type { SessionConfig } from '../config.ts';
import { ApiError } from '../http/api-error.ts';
import { schemaLimit } from '../contract/document.ts';

type Body = validatedOperations['sessions.create']['requestBody']['content']['application/json'];
type LiveKitTransport = Extract<Body['transport'], { type: 'livekit' }>;

const MAX_METADATA_BYTES = schemaLimit('Metadata', 'x-max-json-bytes');

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

/** @throws {ApiError} 422 where the metadata is more JSON than the document allows */
export function requireStorableMetadata(metadata: Body['metadata']): Body['metadata'] {
  const bytes = Buffer.byteLength(JSON.stringify(metadata));
  if (bytes > MAX_METADATA_BYTES) {
    throw new ApiError('metadata.too_large', {
      message: `metadata is ${bytes} bytes of JSON and at most ${MAX_METADATA_BYTES} are kept. Store less, or a reference.`,
      param: 'metadata',
    });
  }
  return metadata;
}
