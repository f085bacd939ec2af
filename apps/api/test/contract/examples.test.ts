import { failureCodeValues } from '@greenroom/contract';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { createdAt, isId } from '../../src/common/ids.ts';
import { document } from '../../src/document/document.ts';
import { BURST_SECONDS } from '../../src/rate-limits/rate-limiter.ts';
import { TRANSITIONS, type DocumentedTransition } from '../../src/sessions/lifecycle.ts';
import { checkWorkerToken, decodeWorkerToken } from '../../src/sessions/worker-token.ts';
import { BILLING_INTERVAL_SECONDS } from '../../src/usage/billing.ts';
import { CREDIT_MULTIPLIERS, creditsFor } from '../../src/usage/credits.ts';
import { read, type Schemas } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

type Resource = Record<string, unknown> & { object: string };
type UsageEvent = Schemas['UsageEvent'];

const examples = document.components.examples ?? {};
const all = Object.values(examples).flatMap(({ value }) => objectsOf(value));

/** Returns the objects in a value, itself included. */
function objectsOf(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(objectsOf);
  return Array.isArray(value) ? inner : [value as Record<string, unknown>, ...inner];
}

function resources<Kind>(object: string): Kind[] {
  return all.filter((one) => one['object'] === object) as Kind[];
}

function valueOf(name: string): unknown {
  const example = examples[name];
  if (example === undefined) throw new Error(`There is no example ${name}`);
  return example.value;
}

describe('every example of an object', () => {
  const PREFIXES = {
    session: 'sess',
    'session.event': 'evt',
    avatar: 'av',
    'usage.event': 'use',
    api_key: 'key',
  } as const;

  test.each(Object.entries(PREFIXES))(
    '%s has an id with its prefix and its creation time',
    (object, prefix) => {
      const ofKind = resources<Resource & { id: string; created_at: string }>(object);
      expect(ofKind.length).toBeGreaterThan(0);
      for (const { id, created_at: time } of ofKind.filter(({ id }) => !id.startsWith('av_stock_'))) {
        expect([id, isId(prefix, id)]).toEqual([id, true]);
        expect([id, createdAt(id).toISOString()]).toEqual([id, time]);
      }
    },
  );
});

describe('money', () => {
  test('of every usage event is the amount that the server charges', () => {
    const events = resources<UsageEvent>('usage.event');
    expect(events.length).toBeGreaterThan(0);
    for (const id of new Set(events.map(({ session_id: session }) => session))) {
      const records = events.filter(({ session_id: session }) => session === id).sort(byInterval);
      let seconds = 0;
      records.forEach((record, index) => {
        const before = creditsFor(seconds, record.quality);
        seconds += record.billable_seconds;
        expect(record.credits).toBe(creditsFor(seconds, record.quality) - before);
        expect(record.multiplier).toBe(CREDIT_MULTIPLIERS[record.quality]);
        const [from, to] = [Date.parse(record.interval_start), Date.parse(record.interval_end)];
        expect((to - from) / 1000).toBe(record.billable_seconds);
        expect(Date.parse(record.created_at)).toBeGreaterThanOrEqual(to);
        // A record is written when this much is unbilled, and at the end.
        if (index < records.length - 1) {
          expect(record.billable_seconds).toBeGreaterThanOrEqual(BILLING_INTERVAL_SECONDS);
        }
      });
      const session = resources<Schemas['Session']>('session').find((one) => one.id === id);
      expect(session?.first_frame_at).toBe(records[0]?.interval_start);
      expect(session?.usage.billable_seconds).toBe(seconds);
    }
  });

  test('of the limits is an amount that sessions can reserve', () => {
    const {
      concurrent_sessions: sessions,
      credits,
      max_session_seconds: seconds,
    } = valueOf('limits') as Schemas['Limits'];
    expect(credits.available).toBe(credits.balance - credits.reserved);
    expect(credits.reserved).toBeLessThanOrEqual(sessions.active * creditsFor(seconds, 'pro'));
    expect(sessions.available).toBe(sessions.limit - sessions.active);
    for (const amount of Object.values(credits)) expect(Number.isInteger(amount * 2)).toBe(true);
  });

  test('seconds of the summary by quality add up to its total', () => {
    const { billable_seconds: total, by_quality: qualities } = valueOf(
      'usage-summary',
    ) as Schemas['UsageSummary'];
    expect(Object.values(qualities).reduce((sum, seconds) => sum + seconds, 0)).toBe(total);
  });
});

test('every event of a session is a transition of the lifecycle', () => {
  const known = Object.values<DocumentedTransition>(TRANSITIONS).flatMap((transition) =>
    reasonsOf(transition).flatMap((reason) =>
      transition.from.map((from) => key({ ...transition, from, reason })),
    ),
  );
  const events = resources<Schemas['SessionEvent']>('session.event');
  expect(events.length).toBeGreaterThan(0);
  expect(events.map(key).filter((one) => !known.includes(one))).toEqual([]);
});

test('every failure of a session can be written by the server', () => {
  const known = Object.values<DocumentedTransition>(TRANSITIONS).flatMap(({ failure }) =>
    failure === undefined ? [] : [failure],
  );
  const failures = resources<Schemas['Session']>('session').flatMap(({ failure }) => failure ?? []);
  expect(failures.length).toBeGreaterThan(0);
  for (const failure of failures) expect(known).toContainEqual(failure);
});

test('the document lists exactly the reasons of events', () => {
  const reasons = new Set(Object.values<DocumentedTransition>(TRANSITIONS).flatMap(reasonsOf));
  const schema = document.components.schemas['SessionEvent'] as {
    properties: { reason: { 'x-reasons': Record<string, string> } };
  };
  const isOwn = (reason: string) => !failureCodeValues.some((code) => code === reason);
  const listed = Object.keys(schema.properties.reason['x-reasons']);
  expect(listed.filter(isOwn).sort()).toEqual([...reasons].filter(isOwn).sort());
});

function reasonsOf({ reason }: DocumentedTransition): readonly string[] {
  return reason === 'failure.code' ? failureCodeValues : [reason];
}

test('every worker token is accepted for its session', () => {
  const bodies = all.filter((one) => 'transport' in one && !('id' in one)) as Schemas['SessionCreate'][];
  expect(bodies.length).toBeGreaterThan(0);
  for (const { transport } of bodies) {
    if (transport.type !== 'livekit') throw new Error('Not a session in a LiveKit room');
    const {
      room_name: roomName,
      worker_identity: workerIdentity = null,
      audio_source: audioSource = 'data_stream',
    } = transport;
    checkWorkerToken(
      decodeWorkerToken(transport.worker_token),
      { roomName, workerIdentity, audioSource },
      new Date(),
    );
  }
});

describe('on a new server', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  test('the avatars of all examples exist', async () => {
    const { data } = await read<Schemas['AvatarList']>(server.request('/v1/avatars'));
    const times = { created_at: expect.any(String) };
    for (const avatar of resources<Schemas['Avatar']>('avatar').filter(({ is_demo: isDemo }) => isDemo)) {
      expect(data).toContainEqual({ ...avatar, ...times });
    }
    expect((valueOf('avatar-list') as Schemas['AvatarList']).data.map(({ id }) => id)).toEqual(
      data.map(({ id }) => id),
    );
    const named = all.flatMap((one) => (typeof one['avatar_id'] === 'string' ? [one['avatar_id']] : []));
    expect(named.filter((id) => !data.some((avatar) => avatar.id === id))).toEqual([]);
  });

  test('every runtime of the examples can perform a session', async () => {
    const { data } = await read<Schemas['AvatarList']>(server.request('/v1/avatars'));
    const runtimes = new Set(['simulator', ...data.map(({ runtime_type: runtime }) => runtime)]);
    const named = all.flatMap((one) =>
      typeof one['runtime_type'] === 'string' ? [one['runtime_type']] : [],
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((runtime) => !runtimes.has(runtime))).toEqual([]);
  });

  test('the plans are those of the example', async () => {
    expect(await read(server.request('/v1/billing/plans'))).toEqual(valueOf('plan-list'));
  });

  test('the limits of the example are those of its plan', async () => {
    const { live: key } = await server.createOrg({ id: 'scaled', planId: 'scale' });
    const limits = await read<Schemas['Limits']>(server.request('/v1/limits', { key }));
    const example = valueOf('limits') as Schemas['Limits'];
    expect(example.plan).toBe(limits.plan);
    expect(example.max_session_seconds).toBe(limits.max_session_seconds);
    expect(example.concurrent_sessions.limit).toBe(limits.concurrent_sessions.limit);
    const policies = ({ rate_limits: policies }: Schemas['Limits']) =>
      policies.map(({ name, limit, window_seconds: seconds }) => ({ name, limit, seconds }));
    expect(policies(example)).toEqual(policies(limits));
    expect(example.rate_limits[0]?.window_seconds).toBe(BURST_SECONDS);
  });

  test('the components of the status are those of the examples', async () => {
    const names = ({ components }: Schemas['SystemStatus']) => components.map(({ name }) => name);
    const status = names(await read<Schemas['SystemStatus']>(server.request('/v1/status')));
    for (const name of ['status-operational', 'status-degraded']) {
      expect(names(valueOf(name) as Schemas['SystemStatus'])).toEqual(status);
    }
  });
});

function byInterval(a: UsageEvent, b: UsageEvent): number {
  return Date.parse(a.interval_start) - Date.parse(b.interval_start);
}

function key({
  from,
  to,
  actor,
  reason,
}: Pick<Schemas['SessionEvent'], 'from' | 'to' | 'actor' | 'reason'>): string {
  return `${from} ${to} ${actor} ${reason}`;
}
