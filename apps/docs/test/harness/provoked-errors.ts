import type { TestServer } from '@greenroom/api/testing';
import { postAvatar } from '@greenroom/api/testing/avatars';
import { holdCreates } from '@greenroom/api/testing/hold-creates';
import { plainImage } from '@greenroom/api/testing/images';
import { rawConnection } from '@greenroom/api/testing/raw-connection';
import { rawRequest } from '@greenroom/api/testing/raw-request';
import { postSession } from '@greenroom/api/testing/responses';
import { silentBody } from '@greenroom/api/testing/silent-body';
import { claimed, registerWorker } from '@greenroom/api/testing/worker';
import type { ErrorCode } from '@greenroom/contract';
import { mintWorkerToken, sessionCreate, until } from '@greenroom/testing';

/** The servers on which to provoke errors. */
export interface Fixture {
  server: TestServer;
  /** Same database; its limit of concurrent requests is 0. */
  full: TestServer;
  /** Same database; gives a body 100 ms to arrive. */
  impatient: TestServer;
  /**
   * Another database, so that its limit does not affect the others: one request a second per address without a valid
   * key.
   */
  strict: TestServer;
  /** Same database, but unreachable. */
  cutOff: TestServer;
  /** Another database, whose tables are gone; its keys were used before that. */
  broken: TestServer;
}

/** Provokes an error. Resolves with the response, or with only the body for a request that no HTTP client can send. */
type Provocation = (fixture: Fixture) => Promise<Response | string>;

const SESSION = 'sess_01KKGP79VG6A09Y83A35BZFNZE';
const ENDPOINT = 'whe_01KKGP79VG3M5N7P9Q2R4S6T8V';
const AVATAR = 'av_01KKGP79VG6A09Y83A35BZFNZE';

const get =
  (path: string, key?: (fixture: Fixture) => string | null): Provocation =>
  (fixture) =>
    fixture.server.request(path, key === undefined ? {} : { key: key(fixture) });

const post =
  (path: string, json: unknown): Provocation =>
  ({ server }) =>
    server.request(path, { method: 'POST', json });

type Options = Parameters<typeof sessionCreate>[0];

const create =
  (options: Options = {}): Provocation =>
  ({ server }) =>
    postSession(server, options);

const send =
  (body: string, contentType = 'application/json'): Provocation =>
  ({ server }) =>
    server.request('/v1/sessions', { method: 'POST', body, headers: { 'Content-Type': contentType } });

const withImage =
  (image: () => Promise<Uint8Array>): Provocation =>
  async ({ server }) =>
    postAvatar(server, { image: await image() });

/** Creates a session with a token that has these grants. */
const granted = (video: object, transport: object = {}): Provocation =>
  create({ video: { roomJoin: true, ...video }, transport: { ...transport } });

const bodyOf = ({ body }: { body: string }): string => body;

/** Provokes each code of the document. A missing code does not compile. */
export const provocations: Record<ErrorCode, Provocation> = {
  'body.malformed': send('{\n  "avatar_id": "av_stock_001",\n  "quality": "pro",\n}'),
  'request.malformed': async ({ server }) => bodyOf(await rawRequest(server.url, 'not HTTP\r\n\r\n')),
  'status.unknown': get('/v1/sessions?status=sleeping'),
  'cursor.unknown': get(`/v1/sessions?starting_after=${SESSION}`),
  'period.contradictory': get('/v1/usage?period=current_month&period_start=2026-01-01T00:00:00Z'),
  'transport.unsupported': post('/v1/sessions', {
    avatar_id: 'av_stock_001',
    transport: { type: 'websocket' },
  }),
  'transport.insecure_url': create({ transport: { url: 'ws://rooms.example.com' } }),
  'webhook_endpoint.insecure_url': post('/v1/webhook_endpoints', { url: 'http://hooks.example.com/' }),
  'webhook_endpoint.private_url': post('/v1/webhook_endpoints', { url: 'https://10.0.0.1/' }),
  'avatar.stock': ({ server }) => server.request('/v1/avatars/av_stock_001', { method: 'DELETE' }),
  'api_key.missing': get('/v1/limits', () => null),
  'api_key.malformed': get('/v1/limits', () => 'a-key-of-another-service'),
  'api_key.unknown': get('/v1/limits', ({ broken }) => broken.keys.test),
  'api_key.expired': async ({ server }) => {
    const { secret: key } = await server.createKey({ expiresAt: new Date('2026-03-12T00:00:00Z') });
    return server.request('/v1/limits', { key });
  },
  'api_key.revoked': async ({ server }) => {
    const { id, secret: key } = await server.createKey();
    await server.request(`/v1/api_keys/${id}`, { method: 'DELETE' });
    return server.request('/v1/limits', { key });
  },
  insufficient_credit_balance: async ({ server }) => {
    const { live: key } = await server.createOrg({ id: 'few-credits', credits: 4 });
    return postSession(server, { max_duration_seconds: 1200 }, { key });
  },
  'api_key.scope_required': async ({ server }) => {
    const { secret: key } = await server.createKey({ scopes: ['sessions:read'] });
    return postSession(server, {}, { key });
  },
  'api_key.grant_exceeded': async ({ server }) => {
    const { secret: key } = await server.createKey({ scopes: ['keys:admin'] });
    const json = { name: 'more', scopes: ['usage:read'] };
    return server.request('/v1/api_keys', { method: 'POST', key, json });
  },
  'api_key.limit_reached': async ({ server }) => {
    const { test: key } = await server.createOrg({ id: 'many-keys' });
    // The organisation already has two keys, one per mode.
    for (let count = 2; count < 100; count += 1) await server.createKey({ orgId: 'many-keys' });
    const json = { name: 'one more', scopes: ['sessions:read'] };
    return server.request('/v1/api_keys', { method: 'POST', key, json });
  },
  'avatar.limit_reached': async ({ server }) => {
    const { test: key } = await server.createOrg({ id: 'many-avatars', planId: 'launch' });
    await insertAvatars(server, { orgId: 'many-avatars', status: 'ready' }, 20);
    return postAvatar(server, {}, { key });
  },
  'webhook_endpoint.limit_reached': async ({ server }) => {
    const { test: key } = await server.createOrg({ id: 'many-endpoints' });
    const json = { url: 'https://hooks.example.com/' };
    const create = () => server.request('/v1/webhook_endpoints', { method: 'POST', key, json });
    for (let count = 0; count < 16; count += 1) await create();
    return create();
  },
  'api_key.wrong_kind': get('/v1/limits', ({ server }) => server.keys.worker),
  'organisation.suspended': async ({ server }) => {
    const { test: key } = await server.createOrg({ id: 'suspended' });
    await server.database.prisma.org.update({
      where: { id: 'suspended' },
      data: { suspendedAt: new Date() },
    });
    return server.request('/v1/limits', { key });
  },
  'route.not_found': get('/v1/session'),
  'session.not_found': get(`/v1/sessions/${SESSION}`),
  'avatar.not_found': get('/v1/avatars/av_nobody'),
  'avatar.no_portrait': async ({ server }) => {
    const { session, fence } = await assignment(server);
    const path = `/internal/v1/assignments/${session.id}/portrait?fence=${fence}`;
    return server.request(path, { key: server.keys.worker });
  },
  'cursor.expired': get('/v1/events/stream?last_event_id=evt_01G65Z755AFWAKHE12NY0CQ9FH'),
  concurrent_streams: async ({ server }) => {
    const { secret: key } = await server.createKey();
    const url = `${server.url}/v1/events/stream`;
    const headers = { Authorization: `Bearer ${key}` };
    // Each stream is open until the server stops.
    await Promise.all(Array.from({ length: 100 }, () => fetch(url, { headers })));
    return server.request('/v1/events/stream', { key });
  },
  'event.not_found': get('/v1/events/evt_01KKGP3AHXVQV4KG6WMY16063Q'),
  'webhook_endpoint.not_found': get(`/v1/webhook_endpoints/${ENDPOINT}`),
  'webhook_delivery.not_found': get('/v1/webhook_deliveries/whd_01KKGJ5351A0B1C2D3E4F5A6B7'),
  'api_key.not_found': ({ server }) =>
    server.request('/v1/api_keys/key_01KKGP79VG6A09Y83A35BZFNZE', { method: 'DELETE' }),
  'worker.not_found': ({ server }) =>
    server.request('/internal/v1/workers/wkr_01KKGA2SR0ZV1RH0M05W6V8297/claim', {
      method: 'POST',
      key: server.keys.worker,
      json: {},
    }),
  'method.not_allowed': ({ server }) => server.request(`/v1/sessions/${SESSION}`, { method: 'PATCH' }),
  'request.timeout': ({ impatient }) => silentBody(impatient, '/v1/sessions', impatient.keys.test),
  'idempotency_key.reused': async ({ server }) => {
    const init = { headers: { 'Idempotency-Key': 'twice' } };
    await postSession(server, {}, init);
    return postSession(server, { quality: 'lite' }, init);
  },
  'idempotency_key.in_use': async ({ server }) => {
    const hold = await holdCreates(server);
    const request = {
      method: 'POST',
      headers: { 'Idempotency-Key': 'held' },
      json: await sessionCreate(),
    };
    const first = server.request('/v1/sessions', request);
    await until(hold.waiting);
    const second = await server.request('/v1/sessions', request);
    await hold.release();
    await first;
    return second;
  },
  'worker_identity.in_use': async ({ server }) => {
    const json = await sessionCreate();
    await server.request('/v1/sessions', { method: 'POST', json });
    const room = json.transport.room_name;
    return postSession(server, { room, expiresIn: 1200 });
  },
  'avatar.not_ready': async ({ server }) => {
    await insertAvatars(server, { orgId: 'dev', status: 'processing' }, 1);
    return postSession(server, { avatar_id: AVATAR });
  },
  'webhook_endpoint.disabled': async ({ server }) => {
    const json = { url: 'https://hooks.example.com/' };
    const created = await server.request('/v1/webhook_endpoints', { method: 'POST', json });
    const { id } = (await created.json()) as { id: string };
    const path = `/v1/webhook_endpoints/${id}`;
    await server.request(path, { method: 'PATCH', json: { status: 'disabled' } });
    return server.request(`${path}/test`, { method: 'POST', json: {} });
  },
  'assignment.lost': async ({ server }) => {
    const { session, fence } = await assignment(server);
    return server.request(`/internal/v1/assignments/${session.id}/report`, {
      method: 'POST',
      key: server.keys.worker,
      json: { fence: fence + 1, state: 'running', frames: 1, media_ms: 40 },
    });
  },
  'body.too_large': send(JSON.stringify({ name: 'x'.repeat(1_100_000) })),
  'content_type.unsupported': send('hello', 'text/plain'),
  'body.invalid': create({ max_duration_seconds: '60' }),
  'body.unknown_field': create({ avatarId: 'av_stock_001' }),
  'parameter.invalid': get('/v1/sessions?limit=500'),
  'parameter.unknown': get('/v1/sessions?stauts=running'),
  'period.purged': async ({ server }) => {
    const { test: key } = await server.createOrg({ id: 'purged-usage' });
    await server.database.pool.query(
      `INSERT INTO usage_totals (org_id, mode, month, quality, billable_seconds, credits, sessions, continued_sessions,
                                 events_purged)
       VALUES ('purged-usage', 'test', '2020-01-01', 'standard', 60, 1, 1, 0, true)`,
    );
    const period = 'period_start=2020-01-15T00:00:00Z&period_end=2020-02-01T00:00:00Z';
    return server.request(`/v1/usage?${period}`, { key });
  },
  'metadata.too_large': create({ metadata: { a: 'x'.repeat(9000) } }),
  'metadata.invalid_number': create({ metadata: { ticket: 2 ** 60 } }),
  'image.unsupported': withImage(() => Promise.resolve(Buffer.from('not an image'))),
  'image.unreadable': withImage(async () => (await plainImage()).subarray(0, 60)),
  'image.too_many_pixels': withImage(() => plainImage('png', { width: 10_000, height: 10_000 })),
  'worker_token.malformed': create({ transport: { worker_token: 'not-a-token' } }),
  'worker_token.expired': create({ expiresIn: -60 }),
  'worker_token.not_yet_valid': create({ notBefore: 600, expiresIn: 1200 }),
  'worker_token.room_mismatch': async ({ server }) => {
    const worker_token = await mintWorkerToken({ room: 'support-4712' });
    return postSession(server, { room: 'support-4711', transport: { worker_token } });
  },
  'worker_token.identity_mismatch': create({ transport: { worker_identity: 'host' } }),
  'worker_token.cannot_join': granted({ roomJoin: false }),
  'worker_token.cannot_publish': granted({ canPublish: false }),
  'worker_token.cannot_subscribe': granted({ canSubscribe: false }, { audio_source: 'track' }),
  'rate_limit.exceeded': async ({ strict }) => {
    for (let count = 0; count < 20; count += 1) {
      const response = await strict.request('/v1/limits', { key: null });
      if (response.status === 429) return response;
    }
    throw new Error('was never limited');
  },
  concurrent_sessions: async ({ server }) => {
    const { test: key } = await server.createOrg({ id: 'busy', overrides: { concurrentSessions: 1 } });
    await postSession(server, {}, { key });
    return postSession(server, {}, { key });
  },
  internal: ({ broken }) => broken.request('/v1/limits'),
  at_capacity: ({ full }) => full.request('/v1/limits'),
  draining: async ({ server }) => {
    const stopping = await server.another();
    const head = `GET /v1/sessions HTTP/1.1\r\nHost: greenroom\r\nAuthorization: Bearer ${stopping.keys.test}\r\n`;
    const connection = await rawConnection(stopping.url, head);
    // The server has received the incomplete head once it has responded to a later request.
    await fetch(new URL('/healthz', stopping.url), { headers: { Connection: 'close' } });
    const closing = stopping.close();
    connection.socket.write('\r\n');
    const received = await connection.closed;
    await closing;
    return received.split('\r\n\r\n')[1] ?? '';
  },
  'database.unavailable': ({ cutOff }) => cutOff.request('/v1/sessions'),
};

async function insertAvatars(
  { database }: TestServer,
  { orgId, status }: { orgId: string; status: 'ready' | 'processing' },
  count: number,
): Promise<void> {
  await database.prisma.avatar.createMany({
    data: Array.from({ length: count }, (_, index) => ({
      orgId,
      id: count === 1 ? AVATAR : `av_${index}`,
      mode: 'test' as const,
      name: 'Host',
      status,
      runtimeType: 'livekit',
    })),
  });
}

/** Assigns a session with the stock avatar to a worker. */
async function assignment(server: TestServer) {
  await postSession(server);
  return claimed(await registerWorker(server));
}
