import { mintWorkerToken, sessionCreate } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { postAvatar } from '../harness/avatars.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
}, 60_000);
afterAll(() => server.close());

const ASSIGNMENT = '/internal/v1/assignments/sess_01KKGP79VG6A09Y83A35BZFNZE';
const REPORT = { fence: 1, state: 'running', frames: 1, media_ms: 40 };

async function messageOf(response: Promise<Response>): Promise<string> {
  const { error } = (await (await response).json()) as { error: { code: string; message: string } };
  return `${error.code}: ${error.message}`;
}
const get = (path: string, key = server.keys.test) => messageOf(server.request(path, { key }));
const post = (path: string, json: unknown, key = server.keys.test) =>
  messageOf(server.request(path, { method: 'POST', json, key }));
const create = async (body: object) => post('/v1/sessions', { ...(await sessionCreate()), ...body });
const transport = async (change: object) =>
  create({ transport: { ...(await sessionCreate()).transport, ...change } });
const send = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  messageOf(
    server.request('/v1/sessions', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body,
    }),
  );

const cases: [name: string, request: () => Promise<string>, message: string][] = [
  [
    'a transport that is not a WebSocket, without the secrets of its URL',
    () => transport({ url: 'https://me:pw@x.livekit.cloud/a?token=1' }),
    'body.invalid: `transport.url` must be a WebSocket URL such as `wss://example.livekit.cloud`. You sent `https://x.livekit.cloud/a`.',
  ],
  [
    'a transport URL without a host',
    () => transport({ url: 'wss://[' }),
    'body.invalid: `transport.url` must be a WebSocket URL such as `wss://example.livekit.cloud`. You sent `wss://[`.',
  ],
  [
    "a name in place of an avatar's id",
    () => create({ avatar_id: 'Ada' }),
    'body.invalid: `avatar_id` must be an id such as `av_stock_001`, not a name (`GET /v1/avatars` lists them). You sent `Ada`.',
  ],
  [
    'a malformed session id',
    () => get('/v1/sessions/123'),
    'session.not_found: Session `123` does not exist. Use an id such as `sess_01KKGP3AHXVQV4KG6WMY16063Q`.',
  ],
  [
    'a malformed avatar id',
    () => get('/v1/avatars/Ada'),
    'avatar.not_found: Avatar `Ada` does not exist. Use an id such as `av_stock_001`, not a name. `GET /v1/avatars` lists them.',
  ],
  [
    'a key instead of its id',
    () => messageOf(server.request('/v1/api_keys/sk_test_0123456789', { method: 'DELETE' })),
    'api_key.not_found: There is no API key with this id. Use an id such as `key_01KJM34RC0QKY76Q93KS129KQX`, not the key itself. `GET /v1/api_keys` lists them.',
  ],
  [
    'a time without seconds',
    () => get('/v1/sessions?created_after=2026-01-01T00:00Z'),
    'parameter.invalid: `created_after` must be a time such as `2026-11-01T00:00:00Z`, with seconds and with `Z` or an offset. You sent `2026-01-01T00:00Z`.',
  ],
  [
    'an offset whose plus sign is not escaped',
    () => get('/v1/sessions?created_after=2026-01-01T00:00:00+01:00'),
    'parameter.invalid: `created_after` must be a time such as `2026-11-01T00:00:00Z`, with seconds and with `Z` or an offset. In a URL, write `+` as `%2B`. You sent `2026-01-01T00:00:00 01:00`.',
  ],
  [
    'a parameter with a date that does not exist',
    () => get('/v1/sessions?created_after=2026-02-30T00:00:00Z'),
    'parameter.invalid: `created_after` must be a time that exists. There is no `2026-02-30T00:00:00Z`.',
  ],
  [
    'a field with a date that does not exist',
    () => post('/v1/api_keys', { name: 'x', scopes: ['sessions:read'], expires_at: '2026-02-30T00:00:00Z' }),
    'body.invalid: `expires_at` must be a time that exists. There is no `2026-02-30T00:00:00Z`.',
  ],
  [
    'a parameter with more digits than a number keeps',
    () => get('/v1/sessions?limit=99999999999999999999'),
    'parameter.invalid: `limit` must be an integer from 1 to 100. You sent `99999999999999999999`.',
  ],
  [
    'a number beyond the range of JavaScript instead of the body',
    () => send('1e999'),
    'body.invalid: The body must be a JSON object. You sent a number beyond ±1.8e308.',
  ],
  [
    'control characters and backticks in the name of a field',
    () => transport({ 'some`\nthing else': 1 }),
    "body.unknown_field: Unknown field `transport.some'U+000Athing else`. Leave it out, or use one of `type`, `url`, `room_name`, `worker_token`, `worker_identity`, `audio_source`, `subscribe_to_identity` or `synthetic_audio_if_no_input`.",
  ],
  [
    'a form without parts',
    () =>
      messageOf(
        server.request('/v1/avatars', {
          method: 'POST',
          headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
          body: '--x--\r\n',
        }),
      ),
    'body.invalid: Required: `image`. Add what is missing and send the request again.',
  ],
  [
    'nested metadata',
    () => create({ metadata: { a: [1] } }),
    'body.invalid: `metadata.a` must be a string, number, boolean or null (send nested data as a JSON string). You sent an array.',
  ],
  [
    'a number as a string',
    () => create({ max_duration_seconds: '60' }),
    'body.invalid: `max_duration_seconds` must be an integer from 1 to 3600, or null. You sent the string "60".',
  ],
  [
    'a number beyond its range',
    () => create({ max_duration_seconds: 5000 }),
    'body.invalid: `max_duration_seconds` must be an integer from 1 to 3600, or null. You sent 5000.',
  ],
  [
    'a parameter beyond its range',
    () => get('/v1/sessions?limit=500'),
    'parameter.invalid: `limit` must be an integer from 1 to 100. You sent `500`.',
  ],
  [
    'a parameter that is not an integer',
    () => get('/v1/sessions?limit=1e1'),
    'parameter.invalid: `limit` must be an integer from 1 to 100. You sent `1e1`.',
  ],
  [
    'a parameter that is sent twice',
    () => get('/v1/sessions?limit=1&limit=2'),
    'parameter.invalid: `limit` takes one value. Send it once.',
  ],
  [
    'a header that is too long',
    () =>
      messageOf(
        server.request('/v1/sessions', {
          method: 'POST',
          json: {},
          headers: { 'Idempotency-Key': 'k'.repeat(300) },
        }),
      ),
    'parameter.invalid: `Idempotency-Key` must be a string of 1 to 255 characters. You sent a string of 300 characters.',
  ],
  [
    'an array instead of the body',
    () => post('/v1/sessions', []),
    'body.invalid: The body must be a JSON object. You sent an empty array.',
  ],
  [
    'a field in camel case',
    () => create({ avatarId: 'av_stock_001' }),
    'body.unknown_field: Unknown field `avatarId`. Did you mean `avatar_id`? Rename it, or leave it out.',
  ],
  [
    'a field in camel case where another is missing',
    () => post('/v1/sessions', { avatarId: 'av_stock_001' }),
    'body.unknown_field: Unknown field `avatarId`. Did you mean `avatar_id`? Rename it, or leave it out.',
  ],
  [
    'a field that resembles no known one',
    () => create({ surprise: 1 }),
    'body.unknown_field: Unknown field `surprise`. Leave it out, or use one of `avatar_id`, `transport`, `quality`, `max_duration_seconds`, `idle_timeout_seconds` or `metadata`.',
  ],
  [
    'none of the required fields',
    () => post('/v1/sessions', {}),
    'body.invalid: Required: `avatar_id`, `transport`. Add what is missing and send the request again.',
  ],
  [
    'some of the required fields, at any depth',
    () => post('/v1/sessions', { transport: { url: 'wss://x', type: 'livekit' } }),
    'body.invalid: Required: `avatar_id`, `transport.room_name`, `transport.worker_token`. Add what is missing and send the request again.',
  ],
  [
    "the beginning of a field's name",
    () => transport({ room: 'x', room_name: undefined }),
    'body.unknown_field: Unknown field `transport.room`. Did you mean `room_name`? Rename it, or leave it out.',
  ],
  [
    'a transport of a misspelt type',
    () => transport({ type: 'livkit' }),
    'body.invalid: `transport.type` must be `livekit`, `websocket` or `pipecat`. You sent `livkit`.',
  ],
  [
    'a transport without a type or any other field',
    () => create({ transport: {} }),
    'body.invalid: Required: `transport.url`, `transport.room_name`, `transport.worker_token`. Add what is missing and send the request again.',
  ],
  [
    'an empty transport and no other field',
    () => post('/v1/sessions', { transport: {} }),
    'body.invalid: Required: `avatar_id`, `transport.url`, `transport.room_name`, `transport.worker_token`. Add what is missing and send the request again.',
  ],
  [
    'an array instead of a transport',
    () => create({ transport: [] }),
    'body.invalid: `transport` must be a JSON object. You sent an empty array.',
  ],
  [
    'a value that is not allowed',
    () => create({ quality: 'best' }),
    'body.invalid: `quality` must be `mock`, `lite`, `standard` or `pro`. You sent `best`.',
  ],
  [
    'several statuses in one value',
    () => get('/v1/sessions?status=active,ended'),
    'status.unknown: Repeat `status` for several values: `?status=running&status=queued`. Each is one of `created`, `queued`, `starting`, `running`, `ending`, `ended`, `failed`, `canceled`, `active` or `terminal`. You sent `active,ended`.',
  ],
  [
    'an unknown status',
    () => get('/v1/sessions?status=sleeping'),
    'status.unknown: `status` must be one of `created`, `queued`, `starting`, `running`, `ending`, `ended`, `failed`, `canceled`, `active` or `terminal`. You sent `sleeping`. For several values, repeat the parameter: `?status=running&status=queued`.',
  ],
  [
    'a parameter with the brackets of an array',
    () => get('/v1/sessions?status[]=active'),
    'parameter.unknown: Unknown parameter `status[]`. For several values, repeat `status`: `?status=…&status=…`.',
  ],
  [
    'a parameter that resembles no known one',
    () => get('/v1/sessions?page=2'),
    'parameter.unknown: Unknown parameter `page`. Leave it out; this operation takes `status`, `avatar_id`, `created_after`, `created_before`, `limit` and `starting_after`.',
  ],
  [
    'a parameter in a different case',
    () => get('/v1/sessions?Limit=2'),
    'parameter.unknown: Unknown parameter `Limit`. Did you mean `limit`? Rename it, or leave it out.',
  ],
  [
    'a parameter where none is taken',
    () => get('/v1/limits?page=2'),
    'parameter.unknown: Unknown parameter `page`. Leave it out; this operation takes no query parameters.',
  ],
  [
    'a misspelt path',
    () => get('/v1/session'),
    'route.not_found: No route `GET /v1/session`. Did you mean `GET /v1/sessions`? See URL/openapi.json for all routes.',
  ],
  [
    'a misspelt path with an id in it',
    () => get('/v1/avatar/av_stock_001'),
    'route.not_found: No route `GET /v1/avatar/av_stock_001`. Did you mean `GET /v1/avatars/{avatar_id}`? See URL/openapi.json for all routes.',
  ],
  [
    'a path that resembles no known one',
    () => get('/docs/nope/'),
    'route.not_found: No route `GET /docs/nope/`. See URL/openapi.json for all routes.',
  ],
  [
    'the deletion of a session',
    () => messageOf(server.request('/v1/sessions/sess_1', { method: 'DELETE' })),
    'method.not_allowed: Sessions are not deleted. To end this one, send `POST /v1/sessions/sess_1/end`.',
  ],
  [
    'a method that the path does not have',
    () => messageOf(server.request('/v1/sessions', { method: 'PUT' })),
    'method.not_allowed: `PUT` is not supported for this path. Use `GET`, `POST`, `HEAD` or `OPTIONS`.',
  ],
  [
    'a reserved key of metadata',
    () => create({ metadata: { '_avatar.x': 1 } }),
    'body.invalid: Keys that begin with `_avatar.` are reserved. Rename `_avatar.x`.',
  ],
  [
    'a key of metadata that is too long',
    () => create({ metadata: { ['k'.repeat(300)]: 1 } }),
    'body.invalid: Keys in `metadata` must have at most 256 characters. Shorten a string of 300 characters.',
  ],
  [
    'a value of metadata that is too long',
    () => create({ metadata: { a: 'x'.repeat(9000) } }),
    'metadata.too_large: `metadata` is 9008 bytes of JSON; the limit is 8192. Store less, or a reference.',
  ],
  [
    'metadata that is too large in total',
    () => create({ metadata: { a: 'x'.repeat(8190) } }),
    'metadata.too_large: `metadata` is 8198 bytes of JSON; the limit is 8192. Store less, or a reference.',
  ],
  [
    'a time in the past',
    () => post('/v1/api_keys', { name: 'x', scopes: ['sessions:read'], expires_at: '2020-01-01T00:00:00Z' }),
    'body.invalid: `expires_at` must be in the future. `2020-01-01T00:00:00Z` is in the past.',
  ],
  [
    'a text instead of a time',
    () => post('/v1/api_keys', { name: 'x', scopes: ['sessions:read'], expires_at: 'tomorrow' }),
    'body.invalid: `expires_at` must be a time such as `2026-11-01T00:00:00Z`, with seconds and with `Z` or an offset, or null. You sent `tomorrow`.',
  ],
  [
    'an empty name',
    () => post('/v1/api_keys', { name: '', scopes: ['sessions:red'] }),
    'body.invalid: `name` must be a string of 1 to 100 characters. You sent an empty string.',
  ],
  [
    'an unknown scope',
    () => post('/v1/api_keys', { name: 'n', scopes: ['sessions:red'] }),
    'body.invalid: `scopes.0` must be `sessions:read`, `sessions:write`, `usage:read`, `avatars:write`, `keys:admin`, `webhooks:read` or `webhooks:write`. You sent `sessions:red`.',
  ],
  [
    'no scope',
    () => post('/v1/api_keys', { name: 'n', scopes: [] }),
    'body.invalid: `scopes` must be an array of 1 to 7 different values. You sent an empty array.',
  ],
  [
    'a scope twice',
    () => post('/v1/api_keys', { name: 'n', scopes: ['usage:read', 'usage:read'] }),
    'body.invalid: `scopes` must be an array of 1 to 7 different values. You sent the same value twice.',
  ],
  [
    'a token with the word Bearer',
    async () => transport({ worker_token: `Bearer ${await mintWorkerToken({ room: 'r' })}` }),
    'worker_token.malformed: The token begins with `Bearer`. Remove this prefix and the space after it.',
  ],
  [
    'a token for another room',
    async () => transport({ worker_token: await mintWorkerToken({ room: 'r' }) }),
    'worker_token.room_mismatch: The token is for room "r", but the session is for room "ROOM". Mint it for the same room.',
  ],
  [
    'a number instead of a token, which is not quoted',
    async () => transport({ worker_token: 5 }),
    'body.invalid: `transport.worker_token` must be a string of 1 to 8192 characters. Correct it and send the request again.',
  ],
  [
    "a key in place of an avatar's id, which is masked",
    async () => create({ avatar_id: server.keys.test }),
    'body.invalid: `avatar_id` must be an id such as `av_stock_001`, not a name (`GET /v1/avatars` lists them). You sent `sk_test_…`.',
  ],
  [
    'a token in a URL, which is not shown',
    async () => transport({ url: `https://x.example/${await mintWorkerToken({ room: 'r' })}` }),
    'body.invalid: `transport.url` must be a WebSocket URL such as `wss://example.livekit.cloud`. You sent a string of 263 characters.',
  ],
  [
    'a key in a path, which is masked',
    () => get(`/v1/session/${server.keys.live}`),
    'route.not_found: No route `GET /v1/session/sk_live_…`. Did you mean `GET /v1/sessions/{session_id}`? See URL/openapi.json for all routes.',
  ],
  [
    'a key after an escape in a path, which is masked',
    () => get(`/v1/Bearer%20${server.keys.live}`),
    'route.not_found: No route `GET /v1/Bearer sk_live_…`. See URL/openapi.json for all routes.',
  ],
  [
    'a key after a prefix in the name of a field, which is masked',
    () => create({ [`key_${server.keys.live}`]: 1 }),
    'body.unknown_field: Unknown field `key_sk_live_…`. Leave it out, or use one of `avatar_id`, `transport`, `quality`, `max_duration_seconds`, `idle_timeout_seconds` or `metadata`.',
  ],
  [
    'a key in the name of a parameter, which is masked',
    () => get(`/v1/sessions?${server.keys.live}=1`),
    'parameter.unknown: Unknown parameter `sk_live_…`. Leave it out; this operation takes `status`, `avatar_id`, `created_after`, `created_before`, `limit` and `starting_after`.',
  ],
  [
    'a nested value of metadata next to one that is valid',
    () => create({ metadata: { a: { b: 1 } }, quality: 'pro' }),
    'body.invalid: `metadata.a` must be a string, number, boolean or null (send nested data as a JSON string). You sent an object.',
  ],
  [
    'an empty parameter',
    () => get('/v1/sessions?limit='),
    'parameter.invalid: `limit` must be an integer from 1 to 100. You sent an empty value.',
  ],
  [
    'a content type that is not supported',
    () => send('hi', { 'Content-Type': 'text/plain' }),
    'content_type.unsupported: `text/plain` is not supported. Send `application/json`.',
  ],
  [
    'a charset that is not supported',
    () => send('{}', { 'Content-Type': 'application/json; charset=latin1' }),
    'content_type.unsupported: The charset `latin1` is not supported. Send UTF-8.',
  ],
  [
    'a content encoding that is not supported',
    () => send('{}', { 'Content-Encoding': 'zstd' }),
    'content_type.unsupported: The `Content-Encoding` `zstd` is not supported. Send the body uncompressed, or as `gzip`, `deflate` or `br`.',
  ],
  [
    'a body that does not match its content encoding',
    () => send('{}', { 'Content-Encoding': 'gzip' }),
    'body.malformed: The body does not match its `Content-Encoding` `gzip`. Compress it again, or send it uncompressed.',
  ],
  [
    'broken JSON',
    () => send('{"avatar_id": "av_stock_001", "transport":'),
    'body.malformed: The body is not valid JSON: unexpected end at line 1, column 43. Check the quotes, commas and brackets up to there.',
  ],
  [
    'a body that is too large',
    () => send(`{"a": "${'x'.repeat(1_100_000)}"}`),
    'body.too_large: The body is larger than 77 KiB. Send a smaller body.',
  ],
  [
    'a period that is given twice',
    () => get('/v1/usage?period=current_month&period_start=2026-01-01T00:00:00Z'),
    'period.contradictory: `period` cannot be combined with `period_start` or `period_end`. Send one or the other.',
  ],
  [
    'a value of a parameter that is not among those allowed',
    () => get('/v1/avatars?scope=everybody'),
    'parameter.invalid: `scope` must be `all`, `platform` or `org`. You sent `everybody`.',
  ],
  [
    'a text instead of an object',
    () => create({ metadata: 'x' }),
    'body.invalid: `metadata` must be a JSON object of at most 1000 fields. You sent the string "x".',
  ],
  [
    'too many fields of metadata',
    () => create({ metadata: Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`k${at}`, at])) }),
    'body.invalid: `metadata` must be a JSON object of at most 1000 fields. You sent 1001 fields.',
  ],
  [
    'a field with a slash in its name',
    () => create({ 'a/b~c': 1 }),
    'body.unknown_field: Unknown field `a/b~c`. Leave it out, or use one of `avatar_id`, `transport`, `quality`, `max_duration_seconds`, `idle_timeout_seconds` or `metadata`.',
  ],
  [
    'a field with the name avatar_id/x',
    () => create({ 'avatar_id/x': 1 }),
    'body.unknown_field: Unknown field `avatar_id/x`. Did you mean `avatar_id`? Rename it, or leave it out.',
  ],
  [
    'a field with the name metadata/a',
    () => create({ 'metadata/a': 1 }),
    'body.unknown_field: Unknown field `metadata/a`. Did you mean `metadata`? Rename it, or leave it out.',
  ],
  [
    'a field with the name transport/foo',
    () => create({ 'transport/foo': 1 }),
    'body.unknown_field: Unknown field `transport/foo`. Did you mean `transport`? Rename it, or leave it out.',
  ],
  [
    'a field with the name /a',
    () => create({ '/a': 1 }),
    'body.unknown_field: Unknown field `/a`. Leave it out, or use one of `avatar_id`, `transport`, `quality`, `max_duration_seconds`, `idle_timeout_seconds` or `metadata`.',
  ],
  [
    'a field with the name a/',
    () => create({ 'a/': 1 }),
    'body.unknown_field: Unknown field `a/`. Leave it out, or use one of `avatar_id`, `transport`, `quality`, `max_duration_seconds`, `idle_timeout_seconds` or `metadata`.',
  ],
  [
    'a field with the name quality~1x',
    () => create({ 'quality~1x': 1 }),
    'body.unknown_field: Unknown field `quality~1x`. Did you mean `quality`? Rename it, or leave it out.',
  ],
  [
    'a field with a slash in a transport',
    () => transport({ 'url/x': 1 }),
    'body.unknown_field: Unknown field `transport.url/x`. Did you mean `url`? Rename it, or leave it out.',
  ],
  [
    'a field with an empty name',
    () => create({ '': 1 }),
    'body.unknown_field: A field has an empty name. Leave it out, or use one of `avatar_id`, `transport`, `quality`, `max_duration_seconds`, `idle_timeout_seconds` or `metadata`.',
  ],
  [
    'an object under an empty key of metadata',
    () => create({ metadata: { '': {} } }),
    'body.invalid: `metadata.` must be a string, number, boolean or null (send nested data as a JSON string). You sent an object.',
  ],
  [
    'the last word of the name of a missing field',
    () => transport({ token: 'eyJ', worker_token: undefined }),
    'body.unknown_field: Unknown field `transport.token`. Did you mean `worker_token`? Rename it, or leave it out.',
  ],
  [
    'the last word of the name of an optional field',
    () => transport({ identity: 'x' }),
    'body.unknown_field: Unknown field `transport.identity`. Did you mean `worker_identity`? Rename it, or leave it out.',
  ],
  [
    'a longer name of a missing field',
    () => transport({ livekit_url: 'wss://x', url: undefined }),
    'body.unknown_field: Unknown field `transport.livekit_url`. Did you mean `url`? Rename it, or leave it out.',
  ],
  [
    'a field of the transport in the body next to a transport',
    () => create({ room_name: 'x' }),
    'body.unknown_field: Unknown field `room_name`. It belongs in `transport`. Move it there.',
  ],
  [
    'fields of the transport instead of a transport',
    () => post('/v1/sessions', { avatar_id: 'av_stock_001', url: 'wss://x', room_name: 'x' }),
    'body.unknown_field: Unknown field `url`. It belongs in `transport`. Move it there.',
  ],
  [
    'a parameter with an empty name',
    () => get('/v1/sessions?=1'),
    'parameter.unknown: A parameter of the query has an empty name. Leave it out.',
  ],
  [
    'too many values of a parameter',
    () => get(`/v1/sessions?${'status=active&'.repeat(11)}`),
    'status.unknown: `status` must be one of `created`, `queued`, `starting`, `running`, `ending`, `ended`, `failed`, `canceled`, `active` or `terminal`. You sent 11 values, which is more than 10. For several values, repeat the parameter: `?status=running&status=queued`.',
  ],
  [
    'the wrong value among several',
    () => get('/v1/sessions?status=running&status=RUNNING'),
    'status.unknown: `status` must be one of `created`, `queued`, `starting`, `running`, `ending`, `ended`, `failed`, `canceled`, `active` or `terminal`. You sent `RUNNING`. For several values, repeat the parameter: `?status=running&status=queued`.',
  ],
  [
    'a control character in a parameter',
    () => get('/v1/avatars?q=%00'),
    'parameter.invalid: `q` must be a string of 1 to 100 characters. You sent `U+0000`.',
  ],
  [
    'a shortened name of a part of a form',
    () => messageOf(postAvatar(server, { img: 'x' })),
    'body.unknown_field: Unknown field `img`. Did you mean `image`? Rename it, or leave it out.',
  ],
  [
    'a form that is too large',
    () => messageOf(postAvatar(server, { image: new Uint8Array(11_000_000) })),
    'body.too_large: The body is larger than 10 MiB. Send a smaller body.',
  ],
  [
    'a missing parameter of a worker',
    () => get(`${ASSIGNMENT}/portrait`, server.keys.worker),
    'parameter.invalid: Required: `fence`. Add what is missing and send the request again.',
  ],
  [
    'a report of a worker with an incomplete failure',
    () => post(`${ASSIGNMENT}/report`, { ...REPORT, failure: {} }, server.keys.worker),
    'body.invalid: Required: `failure.code`, `failure.message`. Add what is missing and send the request again.',
  ],
  [
    'a report of a worker that lacks its failure',
    () => post(`${ASSIGNMENT}/report`, { ...REPORT, state: 'failed' }, server.keys.worker),
    'body.invalid: A report of the state `failed` needs `failure`. Add it.',
  ],
  [
    'a number without an upper bound to name',
    () => post(`${ASSIGNMENT}/report`, { ...REPORT, frames: -1 }, server.keys.worker),
    'body.invalid: `frames` must be an integer of at least 0. You sent -1.',
  ],
  [
    'a misspelt path with a long id in it',
    () => get(`/v1/xessions/${'x'.repeat(15_000)}/enx`),
    `route.not_found: No route \`GET /v1/xessions/${'x'.repeat(186)}…\`. Did you mean \`POST /v1/sessions/{session_id}/end\`? See URL/openapi.json for all routes.`,
  ],
];

test.each(cases)('the message explains %s', async (_name, request, message) => {
  expect((await request()).replace(server.url, 'URL').replace(/room-[\d-]+/, 'ROOM')).toBe(message);
});
