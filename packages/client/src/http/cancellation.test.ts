import { until } from '@greenroom/testing';
import { expect, test } from '@jest/globals';

import { failure, page, session, SESSION_ID } from '../../test/responses.ts';
import { scriptedServer, type ScriptedServer } from '../../test/scripted-server.ts';
import { createGreenroom } from '../create-greenroom.ts';
import { GreenroomTimeoutError } from '../errors/greenroom-errors.ts';

const clientOf = (server: ScriptedServer) =>
  createGreenroom({ apiKey: 'sk_test_0123456789abcdef', baseUrl: server.baseUrl, maxRetries: 1 });

test("a cancelled request rejects with the signal's reason and is not retried", async () => {
  await using server = await scriptedServer('hang');
  const controller = new AbortController();
  const reason = new Error('The user has left');
  const call = clientOf(server).sessions.get(SESSION_ID, { signal: controller.signal });
  const rejection = expect(call).rejects.toBe(reason);
  await until(() => server.seen.length === 1);
  controller.abort(reason);
  await rejection;
  expect(server.seen).toHaveLength(1);
});

test('a wait between two attempts is cancelled too', async () => {
  await using server = await scriptedServer(
    failure(503, 'service_unavailable', 'draining', { 'retry-after': '30' }),
  );
  const controller = new AbortController();
  let responses = 0;
  const greenroom = createGreenroom({
    apiKey: 'sk_test_0123456789abcdef',
    baseUrl: server.baseUrl,
    // Reads the whole response first, so that only the wait is left.
    async fetch(request) {
      const response = await fetch(request);
      const whole = new Response(await response.text(), response);
      responses += 1;
      return whole;
    },
  });
  const call = greenroom.sessions.get(SESSION_ID, { signal: controller.signal });
  const rejection = expect(call).rejects.toHaveProperty('name', 'AbortError');
  await until(() => responses === 1);
  controller.abort();
  await rejection;
  expect(server.seen).toHaveLength(1);
});

test('a call with a signal that is already aborted sends nothing', async () => {
  await using server = await scriptedServer(session('queued'));
  const signal = AbortSignal.abort('too late');
  await expect(clientOf(server).sessions.get(SESSION_ID, { signal })).rejects.toBe('too late');
  expect(server.seen).toHaveLength(0);
});

test('a signal ends an iteration between its pages', async () => {
  await using server = await scriptedServer(page(['a'], 'a'));
  const controller = new AbortController();
  const iterate = async () => {
    for await (const item of clientOf(server).sessions.list({}, { signal: controller.signal })) {
      controller.abort(item.id);
    }
  };
  await expect(iterate()).rejects.toBe('a');
  expect(server.seen).toHaveLength(1);
});

test('each attempt has its own timeout, and the call rejects with the last one', async () => {
  await using server = await scriptedServer('hang');
  const call = clientOf(server).sessions.get(SESSION_ID, { timeoutMs: 80 });
  await expect(call).rejects.toThrow(GreenroomTimeoutError);
  await expect(call).rejects.toMatchObject({ type: 'timeout', code: 'request_timeout', status: null });
  expect(server.seen).toHaveLength(2);
});

test('an attempt after a timeout may succeed', async () => {
  await using server = await scriptedServer('hang', session('running'));
  const call = clientOf(server).sessions.get(SESSION_ID, { timeoutMs: 2_000 });
  await expect(call).resolves.toMatchObject({ status: 'running' });
});

test('a timeout ends a call whose fetch ignores its signal', async () => {
  const greenroom = createGreenroom({
    apiKey: 'sk_test_0123456789abcdef',
    baseUrl: 'http://127.0.0.1:9',
    fetch: () => new Promise(() => undefined),
    timeoutMs: 20,
    maxRetries: 0,
  });
  await expect(greenroom.status.get()).rejects.toThrow(GreenroomTimeoutError);
});
