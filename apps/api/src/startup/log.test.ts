import { expect, test } from '@jest/globals';
import { pino } from 'pino';

import { readableLines } from './log.ts';

test('on a terminal a request is one short line, and other messages keep their fields', async () => {
  const readable = await readableLines({ colorize: false });
  const lines: string[] = [];
  const log = pino(
    { level: 'info' },
    {
      write(line: string) {
        lines.push(readable(line));
      },
    },
  );
  const request = { request_id: 'req_1', method: 'POST', path: '/v1/sessions', operation: 'sessions.create' };
  log.info({ ...request, status: 201, duration_ms: 12.5 }, 'request');
  log.info({ ...request, status: 422, code: 'body.invalid', duration_ms: 3 }, 'request');
  log.error({ request_id: 'req_2' }, 'request failed');
  expect(lines[0]).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: POST \/v1\/sessions 201 12\.5 ms\n$/);
  expect(lines[1]).toMatch(/POST \/v1\/sessions 422 body\.invalid 3 ms\n$/);
  expect(lines[2]).toContain('req_2');
});
