import { describe, expect, test } from '@jest/globals';

import { createGreenroom } from '../create-greenroom.ts';

const [A, B] = ['evt_01KKGP3AHXVQV4KG6WMY16063Q', 'evt_01KKGP3AHXVQV4KG6WMY16063R'];
const eventOf = (id: string) => `id: ${id}\nevent: ping\ndata: ${JSON.stringify({ id })}\n\n`;
const stream = (text: string) =>
  new Response(`retry: 1\n\n${text}`, { headers: { 'Content-Type': 'text/event-stream' } });
const busy = () =>
  Response.json(
    { error: { type: 'quota_exceeded', code: 'concurrent_streams', message: 'Too many streams.' } },
    { status: 429, headers: { 'Retry-After': '0' } },
  );

/** Creates a client that gets these responses, in order. `positions` has the event after which each request resumes. */
function clientOf(...responses: Response[]) {
  const positions: (string | null)[] = [];
  const { events } = createGreenroom({
    apiKey: `sk_test_${'A'.repeat(43)}`,
    baseUrl: 'http://greenroom.test',
    fetch: (request) => {
      positions.push(new URL(request.url).searchParams.get('last_event_id'));
      const response = responses.shift();
      return response === undefined ? Promise.reject(new Error('no response')) : Promise.resolve(response);
    },
  });
  return { events, positions };
}

describe('events.stream', () => {
  test('reconnects after an error for too many streams, once it has been open', async () => {
    const { events, positions } = clientOf(stream(eventOf(A)), busy(), stream(eventOf(B)));
    const ids: string[] = [];
    for await (const { id } of events.stream()) {
      ids.push(id);
      if (id === B) break;
    }
    expect(ids).toEqual([A, B]);
    expect(positions).toEqual([null, A, A]);
  });

  test('reports when its connection opens and when it is lost', async () => {
    const states: boolean[] = [];
    const { events } = clientOf(stream(eventOf(A)), busy(), stream(eventOf(B)));
    for await (const { id } of events.stream({ onConnectionChange: (isOpen) => states.push(isOpen) })) {
      if (id === B) break;
    }
    expect(states).toEqual([true, false, true]);
  });

  test('rejects when its first request gets an error for too many streams', async () => {
    await expect(clientOf(busy()).events.stream().next()).rejects.toMatchObject({
      code: 'concurrent_streams',
    });
  });

  test('resumes only after ids of events, and after the last event that was read completely', async () => {
    const broken = `${eventOf(A)}: working\n\nid: 7\ndata: {"id":"7"}\n\nid: ${B}\ndata: {"id\n\n`;
    const { events, positions } = clientOf(stream(broken), stream(`: ${B}\n\n`), stream(eventOf(A)));
    const ids: string[] = [];
    for await (const { id } of events.stream()) {
      ids.push(id);
      if (ids.length === 3) break;
    }
    expect(ids).toEqual([A, '7', A]);
    expect(positions).toEqual([null, A, B]);
  });

  test.each([
    ['a page', new Response('<p>', { headers: { 'Content-Type': 'text/html' } })],
    ['a stream without a body', new Response(null, { headers: { 'Content-Type': 'text/event-stream' } })],
  ])('rejects %s', async (_, response) => {
    await expect(clientOf(response).events.stream().next()).rejects.toMatchObject({
      code: 'unexpected_response',
    });
  });
});
