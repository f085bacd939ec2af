import { operationTable, type OperationId } from '@greenroom/contract';
import { expect, test } from '@jest/globals';

import { KIB } from '../common/byte-size.ts';
import { bodyLimits } from './body-limits.ts';

const withJson = (Object.keys(operationTable) as OperationId[]).filter((id) =>
  operationTable[id].requestContentTypes.some((type) => type === 'application/json'),
);

test.each(withJson)('the body of %s is bounded by its schema, to no more than 80 KiB', (id) => {
  const { maxBytes, maxValues } = bodyLimits(id);
  expect(maxBytes % KIB).toBe(0);
  expect(maxBytes).toBeLessThanOrEqual(80 * KIB);
  expect(maxValues).toBeLessThanOrEqual(2_500);
});

test('the largest session fits, with its text escaped and its members indented', () => {
  const session = {
    avatar_id: `av_${'x'.repeat(64)}`,
    transport: {
      type: 'livekit',
      url: `wss://${'x'.repeat(2042)}`,
      room_name: 'r'.repeat(255),
      worker_token: 't'.repeat(8192),
      worker_identity: 'w'.repeat(255),
      audio_source: 'data_stream',
      subscribe_to_identity: 's'.repeat(255),
      synthetic_audio_if_no_input: false,
    },
    quality: 'standard',
    max_duration_seconds: 3600,
    idle_timeout_seconds: 600,
    metadata: { note: 'é'.repeat(4090) },
  };
  const escaped = JSON.stringify(session, null, 8).replaceAll('é', String.raw`\u00e9`);
  expect(escaped.length).toBeGreaterThan(4090 * 6);
  expect(escaped.length).toBeLessThan(bodyLimits('sessions.create').maxBytes);
});

test('an operation without a JSON body has no limits', () => {
  expect(() => bodyLimits('avatars.create')).toThrow('has no JSON body');
});
