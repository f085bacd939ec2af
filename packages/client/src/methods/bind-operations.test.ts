import { expect, test } from '@jest/globals';

import type { Operation } from '../operation.ts';
import { bindOperations } from './bind-operations.ts';

const rename: Operation = {
  method: 'post',
  path: '/v1/rooms/{room_id}/seats/{seat_id}',
  pathParameters: ['room_id', 'seat_id'],
  query: true,
  body: 'json',
  idempotencyKey: false,
  list: false,
};

test('an operation of the table is a method that takes path, body, query and options in this order', async () => {
  const resources = bindOperations({ 'seats.rename': rename }, (operation, call) =>
    Promise.resolve({ operation, call }),
  );
  const options = { timeoutMs: 5 };
  await expect(
    resources['seats']?.['rename']?.('room_1', 'seat_2', { name: 'Front' }, { notify: true }, options),
  ).resolves.toEqual({
    operation: rename,
    call: {
      path: { room_id: 'room_1', seat_id: 'seat_2' },
      body: { name: 'Front' },
      query: { notify: true },
      options,
    },
  });
});
