import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { errorOf } from './harness/error-response.ts';
import { idsOf, pagesOf } from './harness/pages.ts';
import { read, type List, type Schemas } from './harness/responses.ts';
import { startTestServer, type TestServer } from './harness/test-server.ts';

type Avatar = Schemas['Avatar'];
const STOCK = ['001', '002', '003', '004', '005', '006'].map((number) => `av_stock_${number}`);

let server: TestServer;
let otherKey: string;

beforeAll(async () => {
  server = await startTestServer();
  otherKey = (await server.createOrg({ id: 'other' })).test;
  const avatar = { orgId: 'dev', mode: 'test', runtimeType: 'livekit', status: 'ready' } as const;
  await server.database.prisma.avatar.createMany({
    data: [
      { ...avatar, id: 'av_mine_1', name: 'Adam 100%' },
      { ...avatar, id: 'av_zoe', name: 'Zoë', status: 'failed', failureReason: 'No face was found.' },
      { ...avatar, orgId: 'other', id: 'av_foreign', name: 'Ada of others' },
    ],
  });
});

afterAll(() => server.close());

const listed = (query = '', key?: string) => idsOf(server, `/v1/avatars?limit=100${query}`, key);

describe('avatars', () => {
  test('are the stock avatars and the organisation’s, ordered by id', async () => {
    expect(await listed()).toEqual(['av_mine_1', ...STOCK, 'av_zoe']);
    expect(await listed('', otherKey)).toEqual(['av_foreign', ...STOCK]);
    expect(await listed('', server.keys.live)).toEqual(STOCK);
  });

  test('are filtered by scope', async () => {
    expect(await listed('&scope=platform')).toEqual(STOCK);
    expect(await listed('&scope=org')).toEqual(['av_mine_1', 'av_zoe']);
    expect(await listed('&scope=all')).toEqual(await listed());
    const response = await server.request('/v1/avatars?scope=everybody');
    expect(await errorOf(response)).toEqual({ status: 422, code: 'parameter.invalid', param: 'scope' });
  });

  test('are found by part of their name or id, ignoring case and without wildcards', async () => {
    expect(await listed('&q=AdA')).toEqual(['av_mine_1', 'av_stock_001']);
    expect(await listed('&q=ada&scope=platform')).toEqual(['av_stock_001']);
    expect(await listed('&q=ZO%C3%8B')).toEqual(['av_zoe']);
    expect(await listed('&q=mine_1')).toEqual(['av_mine_1']);
    expect(await listed('&q=STOCK_00')).toEqual(STOCK);
    expect(await listed('&q=%25')).toEqual(['av_mine_1']);
    expect(await listed('&q=st_ck')).toEqual([]);
    expect(await listed('&q=nobody')).toEqual([]);
  });

  test.each([1, 3, 8])('are each listed once in pages of %i', async (limit) => {
    const pages = await pagesOf<Avatar>(server, `/v1/avatars?limit=${limit}`);
    expect(pages.flat().map(({ id }) => id)).toEqual(['av_mine_1', ...STOCK, 'av_zoe']);
    expect(pages).toHaveLength(Math.ceil(8 / limit));
  });

  test('accept only an avatar as a cursor', async () => {
    for (const cursor of ['av_foreign', 'av_nobody', 'sess_01KKGP79VG6A09Y83A35BZFNZE', '']) {
      const response = await server.request(`/v1/avatars?starting_after=${cursor}`);
      expect(await errorOf(response)).toEqual({
        status: 400,
        code: 'cursor.unknown',
        param: 'starting_after',
      });
    }
  });

  test('have all documented fields, alike in a list', async () => {
    expect(await read(server.request('/v1/avatars/av_stock_001'))).toEqual({
      id: 'av_stock_001',
      object: 'avatar',
      name: 'Ada',
      status: 'ready',
      runtime_type: 'livekit',
      is_demo: true,
      created_at: expect.stringMatching(/\.\d{3}Z$/),
      failure_reason: null,
    });
    expect(await read(server.request('/v1/avatars/av_zoe'))).toMatchObject({
      name: 'Zoë',
      status: 'failed',
      is_demo: false,
      failure_reason: 'No face was found.',
    });
    const { data } = await read<List<Avatar>>(server.request('/v1/avatars'));
    for (const avatar of data) expect(await read(server.request(`/v1/avatars/${avatar.id}`))).toEqual(avatar);
  });

  test.each(['av_foreign', 'av_nobody', 'nonsense', 'av_'])(
    'that you have not are not found: %s',
    async (id) => {
      const response = await server.request(`/v1/avatars/${id}`);
      expect(await errorOf(response)).toEqual({ status: 404, code: 'avatar.not_found', param: 'avatar_id' });
    },
  );
});

test('plans are a list of the four defaults without pages, from small to large', async () => {
  const plan = (key: string, name: string, figures: number[]) => {
    const [price, credits, sessions, avatars, seconds] = figures;
    return {
      key,
      name,
      monthly_price_cents: price,
      included_credits: credits,
      extra_credit_unit_micros: 10_000,
      max_concurrency: sessions,
      custom_avatar_slots: avatars,
      extra_avatar_slot_cents: null,
      session_time_limit_seconds: seconds,
    };
  };
  expect(await read(server.request('/v1/billing/plans', { key: null }))).toEqual([
    plan('free', 'Free', [0, 50, 1, 1, 120]),
    plan('starter', 'Starter', [2_000, 500, 2, 5, 600]),
    plan('launch', 'Launch', [9_999, 7_500, 10, 20, 1200]),
    plan('scale', 'Scale', [29_999, 25_000, 50, 100, 3600]),
  ]);
});

test.each(['starter', 'scale'])('the limits name the organisation’s plan: %s', async (planId) => {
  await server.database.prisma.org.updateMany({ data: { planId } });
  expect(await read<Schemas['Limits']>(server.request('/v1/limits'))).toMatchObject({ plan: planId });
});
