import { describe, expect, test } from '@jest/globals';

import { failure, page, session, SESSION_ID, sessionCreate } from '../test/responses.ts';
import { scriptedServer } from '../test/scripted-server.ts';
import { createGreenroom } from './create-greenroom.ts';
import { operationTable } from './generated/operation-table.ts';

const apiKey = 'sk_test_0123456789abcdef';

describe('a method', () => {
  test('exists for every operation of the document', () => {
    const greenroom = createGreenroom({ apiKey, baseUrl: 'http://127.0.0.1:9' });
    const methods = Object.entries(greenroom).flatMap(([resource, verbs]) =>
      Object.keys(verbs).map((verb) => `${resource}.${verb}`),
    );
    expect(methods.sort()).toEqual([...Object.keys(operationTable), 'sessions.waitFor'].sort());
  });

  test('sends its query with repeated keys for lists and without undefined parameters', async () => {
    await using server = await scriptedServer(page([], null));
    const greenroom = createGreenroom({ apiKey, baseUrl: server.baseUrl });
    await greenroom.sessions.list({
      status: ['queued', 'running'],
      created_after: '2026-03-12T00:00:00+01:00',
      avatar_id: undefined,
    });
    expect(server.seen[0]?.url).toBe(
      '/v1/sessions?status=queued&status=running&created_after=2026-03-12T00%3A00%3A00%2B01%3A00',
    );
  });

  test('sends its body as JSON, the key as a bearer token and a new idempotency key', async () => {
    await using server = await scriptedServer(session('queued'));
    const greenroom = createGreenroom({ apiKey, baseUrl: server.baseUrl });
    await greenroom.sessions.create(sessionCreate);
    await greenroom.sessions.create(sessionCreate);
    const [first, second] = server.seen;
    expect(JSON.parse(first?.body ?? '')).toEqual(sessionCreate);
    expect(first).toMatchObject({
      method: 'POST',
      url: '/v1/sessions',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    });
    expect(first?.headers['idempotency-key']).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.headers['idempotency-key']).not.toBe(first?.headers['idempotency-key']);
  });

  test('sends a body with a file as a form, and the same form in a retry', async () => {
    const unavailable = failure(503, 'service_unavailable', 'at_capacity', { 'retry-after': '0' });
    await using server = await scriptedServer(unavailable, { status: 202, json: { id: 'av_1' } });
    const greenroom = createGreenroom({ apiKey, baseUrl: server.baseUrl });
    const image = new File(['the picture'], 'host.png', { type: 'image/png' });
    await greenroom.avatars.create({ image, name: 'Our höst' });
    const parts = server.seen.map(({ body, headers }) => {
      const boundary =
        /^multipart\/form-data; boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1] ?? '?';
      return body.replaceAll(boundary, 'boundary');
    });
    expect(parts).toHaveLength(2);
    expect(parts[0]).toContain(
      'name="image"; filename="host.png"\r\nContent-Type: image/png\r\n\r\nthe picture\r\n',
    );
    expect(parts[0]).toContain('name="name"\r\n\r\nOur höst\r\n');
    expect(parts[1]).toBe(parts[0]);
    expect(server.seen[1]?.headers['idempotency-key']).toBe(server.seen[0]?.headers['idempotency-key']);
  });

  test.each([null, 'a picture', { image: 5 }, { image: null }])(
    'rejects %j as a form before anything is sent',
    async (body) => {
      const greenroom = createGreenroom({ apiKey, baseUrl: 'http://127.0.0.1:9' });
      const create = greenroom.avatars.create as (body: unknown) => Promise<unknown>;
      await expect(create(body)).rejects.toThrow(TypeError);
    },
  );

  test("sends the caller's idempotency key, given as an option or as a header", async () => {
    await using server = await scriptedServer(session('queued'));
    const greenroom = createGreenroom({ apiKey, baseUrl: server.baseUrl });
    await greenroom.sessions.create(sessionCreate, { idempotencyKey: 'order-4711' });
    await greenroom.sessions.create(sessionCreate, { headers: { 'idempotency-key': 'order-4712' } });
    expect(server.seen.map(({ headers }) => headers['idempotency-key'])).toEqual([
      'order-4711',
      'order-4712',
    ]);
  });

  test('sends neither a body nor an idempotency key where the operation has none', async () => {
    await using server = await scriptedServer(session('canceled'));
    await createGreenroom({ apiKey, baseUrl: server.baseUrl }).sessions.end(SESSION_ID);
    expect(server.seen[0]).toMatchObject({ method: 'POST', url: `/v1/sessions/${SESSION_ID}/end`, body: '' });
    expect(server.seen[0]?.headers).not.toHaveProperty('content-type');
    expect(server.seen[0]?.headers).not.toHaveProperty('idempotency-key');
  });

  test('resolves with undefined for a response without a body', async () => {
    await using server = await scriptedServer({ status: 204 });
    const greenroom = createGreenroom({ apiKey, baseUrl: server.baseUrl });
    await expect(greenroom.apiKeys.delete('key_01KJM34RC0QKY76Q93KS129KQX')).resolves.toBeUndefined();
    expect(server.seen[0]?.method).toBe('DELETE');
  });

  test.each(['', '.', '..', undefined])(
    'rejects %j as an id, which would change the path to that of another operation',
    async (id) => {
      const greenroom = createGreenroom({ apiKey, baseUrl: 'http://127.0.0.1:9' });
      const end = greenroom.sessions.end as (id: unknown) => Promise<unknown>;
      await expect(end(id)).rejects.toThrow(TypeError);
    },
  );

  test('escapes an id so that it stays one segment of the path', async () => {
    await using server = await scriptedServer(session('queued'));
    await createGreenroom({ apiKey, baseUrl: server.baseUrl }).sessions.get('../a?b#c');
    expect(server.seen[0]?.url).toBe('/v1/sessions/..%2Fa%3Fb%23c');
  });

  test('rejects more arguments than it takes', async () => {
    const greenroom = createGreenroom({ apiKey, baseUrl: 'http://127.0.0.1:9' });
    const get = greenroom.sessions.get as (...given: unknown[]) => Promise<unknown>;
    await expect(get(SESSION_ID, {}, {})).rejects.toThrow(
      'sessions.get got more arguments than it takes: 1 too many.',
    );
  });
});

describe('the options', () => {
  test.each(['http://127.0.0.1', 'http://127.0.0.1/', 'http://127.0.0.1//'])(
    'take the base URL %j with or without trailing slashes, and a custom fetch',
    async (baseUrl) => {
      const urls: string[] = [];
      const fetch = (request: Request) => {
        urls.push(request.url);
        return Promise.resolve(Response.json([]));
      };
      await createGreenroom({ apiKey, baseUrl, fetch }).plans.list();
      expect(urls).toEqual(['http://127.0.0.1/v1/billing/plans']);
    },
  );

  test('keep the path of the base URL, for an API behind a prefix', async () => {
    await using server = await scriptedServer({ status: 200, json: [] });
    await createGreenroom({ apiKey, baseUrl: `${server.baseUrl}/greenroom/` }).plans.list();
    expect(server.seen[0]?.url).toBe('/greenroom/v1/billing/plans');
  });

  test.each([
    ['baseUrl', { baseUrl: '/v1' }],
    ['baseUrl', { baseUrl: 'ftp://example.com' }],
    ['baseUrl', { baseUrl: 'http://user:secret@example.com' }],
    ['baseUrl', { baseUrl: 'http://example.com?key=secret' }],
    ['apiKey', { apiKey: '' }],
    ['apiKey', { apiKey: 'sk_test_secret\n' }],
    ['timeoutMs', { timeoutMs: 0 }],
    ['timeoutMs', { timeoutMs: Number.NaN }],
    ['maxRetries', { maxRetries: -1 }],
    ['maxRetries', { maxRetries: 1.5 }],
  ])('are refused with the name of the invalid one, %s, without its value', (name, wrong) => {
    const create = () => createGreenroom({ apiKey, baseUrl: 'http://127.0.0.1:9', ...wrong });
    expect(create).toThrow(TypeError);
    expect(create).toThrow(name);
    expect(create).not.toThrow('secret');
  });

  test.each([
    ['', 'apiKey is required. Pass a key such as sk_test_… or sk_live_….'],
    ['sk_test_…', 'apiKey contains "…". Replace the placeholder with your key.'],
    ['sk_test_...', 'apiKey contains "...". Replace the placeholder with your key.'],
    [`${apiKey}\n`, 'apiKey begins or ends with a space or a line break. Remove it.'],
    ['sk_test_ä', 'apiKey contains a space or a character that is not ASCII. Copy the key again.'],
  ])('say what to do about the key %j', (wrong, message) => {
    expect(() => createGreenroom({ apiKey: wrong, baseUrl: 'http://127.0.0.1:9' })).toThrow(
      new TypeError(message),
    );
  });
});
