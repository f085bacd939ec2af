import { expect, jest, test } from '@jest/globals';

import { failure, session, SESSION_ID } from '../../test/responses.ts';
import { scriptedServer, type ScriptedServer } from '../../test/scripted-server.ts';
import { createGreenroom } from '../create-greenroom.ts';
import { GreenroomSessionOverError } from '../errors/greenroom-errors.ts';

const waitOn = (server: ScriptedServer) =>
  createGreenroom({ apiKey: 'sk_test_0123456789abcdef', baseUrl: server.baseUrl }).sessions.waitFor;

test('waitFor resolves with the session as soon as it is in one of the statuses', async () => {
  await using server = await scriptedServer(session('queued'), session('starting'), session('running'));
  const found = await waitOn(server)(SESSION_ID, ['running', 'ended'], { pollIntervalMs: 10 });
  expect(found.status).toBe('running');
  expect(server.seen).toHaveLength(3);
});

test('waitFor rejects with the session once it is over in another status', async () => {
  const why = { code: 'worker.unavailable', message: 'No worker was free.' };
  await using server = await scriptedServer(session('queued'), session('failed', why));
  const waiting = waitOn(server)(SESSION_ID, ['running'], { pollIntervalMs: 10 });
  await expect(waiting).rejects.toThrow(GreenroomSessionOverError);
  await expect(waiting).rejects.toMatchObject({ type: 'session_over', session: { failure: why } });
  await expect(waiting).rejects.toThrow('worker.unavailable');
});

test('waitFor rejects when time is up', async () => {
  await using server = await scriptedServer(session('queued'));
  const waiting = waitOn(server)(SESSION_ID, ['running'], { pollIntervalMs: 10, timeoutMs: 100 });
  await expect(waiting).rejects.toMatchObject({ type: 'timeout', code: 'wait_timeout' });
});

test('waitFor rejects when time is up on a server that hangs', async () => {
  await using server = await scriptedServer('hang');
  const waiting = waitOn(server)(SESSION_ID, ['running'], { timeoutMs: 50 });
  await expect(waiting).rejects.toMatchObject({ code: 'wait_timeout' });
});

test("waitFor rejects with the signal's reason when it is cancelled", async () => {
  await using server = await scriptedServer(session('queued'));
  const signal = AbortSignal.timeout(50);
  await expect(waitOn(server)(SESSION_ID, ['running'], { signal })).rejects.toHaveProperty(
    'name',
    'TimeoutError',
  );
});

test('waitFor rejects with the error of the API when the session cannot be read', async () => {
  await using server = await scriptedServer(failure(404, 'not_found', 'session.not_found'));
  await expect(waitOn(server)(SESSION_ID, ['running'])).rejects.toHaveProperty('code', 'session.not_found');
});

test('waitFor polls the session while its stream is open and silent', async () => {
  jest.useFakeTimers();
  try {
    let asked = 0;
    const silent = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('retry: 1000\n\n'));
      },
    });
    const { sessions } = createGreenroom({
      apiKey: 'sk_test_0123456789abcdef',
      baseUrl: 'http://greenroom.test',
      fetch: async ({ url }) => {
        if (url.includes('/events/stream')) {
          return Promise.resolve(new Response(silent, { headers: { 'Content-Type': 'text/event-stream' } }));
        }
        asked += 1;
        const status = asked < 3 ? 'queued' : 'running';
        return Promise.resolve(Response.json({ id: SESSION_ID, object: 'session', status, failure: null }));
      },
    });
    const waiting = sessions.waitFor(SESSION_ID, ['running']);
    await jest.advanceTimersByTimeAsync(35_000);
    await expect(waiting).resolves.toMatchObject({ status: 'running' });
    expect(asked).toBe(3);
  } finally {
    jest.useRealTimers();
  }
});

test('waitFor rejects an empty list of statuses, which would never match', async () => {
  await using server = await scriptedServer(session('queued'));
  await expect(waitOn(server)(SESSION_ID, [])).rejects.toThrow(TypeError);
});
