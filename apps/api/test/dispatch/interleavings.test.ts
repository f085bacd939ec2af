import { testSeed, until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { accountOf } from '../harness/account.ts';
import { createSession, endSession, read, type List, type Schemas } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';
import { registerWorker, type Assignment, type TestWorker } from '../harness/worker.ts';

const CREDITS = 1_000;

let server: TestServer;
let another: TestServer;

beforeAll(async () => {
  server = await startTestServer({ sessions: { leaseSeconds: 2, firstFrameDeadlineSeconds: 2 } });
  another = await server.another();
});

afterAll(async () => {
  await another.close();
  await server.close();
});

/** Steps that happen to the sessions of an organisation, in any order and concurrently. */
type Step =
  | { do: 'create'; quality: 'lite' | 'standard' | 'pro'; seconds: number }
  | { do: 'claim' }
  | {
      do: 'report';
      nth: number;
      state: 'starting' | 'running' | 'ending' | 'ended' | 'failed';
      seconds: number;
    }
  | { do: 'end'; nth: number }
  | { do: 'crash'; nth: number };

const nth = fc.nat({ max: 9 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('create' as const),
    quality: fc.constantFrom('lite' as const, 'standard' as const, 'pro' as const),
    seconds: fc.integer({ min: 1, max: 300 }),
  }),
  { arbitrary: fc.record({ do: fc.constant('claim' as const) }), weight: 2 },
  {
    arbitrary: fc.record({
      do: fc.constant('report' as const),
      nth,
      state: fc.constantFrom(
        'starting' as const,
        'running' as const,
        'running' as const,
        'running' as const,
        'ending' as const,
        'ended' as const,
        'failed' as const,
      ),
      seconds: fc.integer({ min: 0, max: 400 }),
    }),
    weight: 6,
  },
  fc.record({ do: fc.constant('end' as const), nth }),
  fc.record({ do: fc.constant('crash' as const), nth }),
);

/** One organisation with its sessions and the worker that performs them. */
class Play {
  readonly key: string;
  readonly #worker: TestWorker;
  readonly #sessions: string[] = [];
  readonly #assignments: Assignment[] = [];

  constructor(key: string, worker: TestWorker) {
    this.key = key;
    this.#worker = worker;
  }

  async take(step: Step): Promise<void> {
    const api = this.#sessions.length % 2 === 0 ? server : another;
    switch (step.do) {
      case 'create': {
        const fields = { quality: step.quality, max_duration_seconds: step.seconds };
        this.#sessions.push((await createSession(api, fields, this.key)).id);
        return;
      }
      case 'claim': {
        const assignment = await this.#worker.claim();
        if (assignment === null) return;
        this.#assignments.push(assignment);
        await this.#age(assignment.session.id);
        return;
      }
      case 'report':
        return this.#report(step);
      case 'end': {
        const id = this.#sessions[step.nth % Math.max(1, this.#sessions.length)];
        if (id !== undefined) await endSession(api, id, this.key);
        return;
      }
      case 'crash': {
        // The worker crashed: its lease expires, and its later reports have an old fence.
        const id = this.#assignments[step.nth % Math.max(1, this.#assignments.length)]?.session.id;
        const expire = 'UPDATE assignments SET lease_until = now() WHERE id = $1 AND lease_until IS NOT NULL';
        if (id !== undefined) await server.database.pool.query(expire, [id]);
      }
    }
  }

  async #report({ nth: which, state, seconds }: Extract<Step, { do: 'report' }>): Promise<void> {
    const assignment = this.#assignments[which % Math.max(1, this.#assignments.length)];
    if (assignment === undefined) return;
    const media = state === 'starting' ? 0 : seconds * 1000;
    const longAgo = new Date(Date.now() - 3_000_000).toISOString();
    const response = await this.#worker.report(assignment, {
      state,
      frames: Math.floor(media / 40),
      media_ms: media,
      ...(media > 0 && { started_at: longAgo, first_frame_at: longAgo }),
      ...(state === 'failed' && { failure: { code: 'worker.crashed', message: 'It crashed.' } }),
    });
    expect([200, 409]).toContain(response.status);
  }

  /** Moves the assignment into the past, because media cannot be older than it. */
  async #age(id: string): Promise<void> {
    const age = `UPDATE assignments SET assigned_at = now() - interval '1 hour' WHERE id = $1`;
    await server.database.pool.query(age, [id]);
  }

  /** Ends every session after the last report. */
  async finish(): Promise<void> {
    await Promise.all(this.#sessions.map((id) => endSession(server, id, this.key)));
    await until(async () => {
      const path = '/v1/sessions?status=active';
      const { data } = await read<List<unknown>>(server.request(path, { key: this.key }));
      return data.length === 0;
    }, 20_000);
  }
}

async function all<Item>(path: string, key: string): Promise<Item[]> {
  return (await read<List<Item>>(server.request(`${path}?limit=100`, { key }))).data;
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const MULTIPLIERS = { mock: 1, lite: 0.5, standard: 1, pro: 2 };

let plays = 0;

async function perform(steps: Step[]): Promise<void> {
  plays += 1;
  const { live: key } = await server.createOrg({
    id: `play-${plays}`,
    credits: CREDITS,
    overrides: { requestsPerSecond: 100_000, createsPerSecond: 100_000 },
  });
  const play = new Play(key, await registerWorker(server, { runtime_type: 'livekit' }));
  // Three at a time, so that they compete in the database.
  for (let at = 0; at < steps.length; at += 3) {
    await Promise.all(steps.slice(at, at + 3).map((step) => play.take(step)));
  }
  await play.finish();

  const sessions = await all<Schemas['Session']>('/v1/sessions', key);
  const events = await all<Schemas['UsageEvent']>('/v1/usage/events', key);
  const charge = (session: Schemas['Session']) =>
    Math.ceil(session.usage.billable_seconds / 60) * MULTIPLIERS[session.quality];
  for (const session of sessions) {
    const own = events.filter((event) => event.session_id === session.id);
    expect(sum(own.map((event) => event.billable_seconds))).toBe(session.usage.billable_seconds);
    expect(sum(own.map((event) => event.credits))).toBe(charge(session));
    expect(session.usage.billable_seconds).toBeLessThanOrEqual(session.max_duration_seconds);
    expect(session.failure === null).toBe(session.status !== 'failed');
    if (session.first_frame_at === null) expect(session.usage.billable_seconds).toBe(0);
  }
  const summary = await read<Schemas['UsageSummary']>(server.request('/v1/usage', { key }));
  expect(summary.billable_seconds).toBe(sum(sessions.map((session) => session.usage.billable_seconds)));
  const { credits, sessions: slots } = await accountOf(server, key);
  const balance = CREDITS - sum(sessions.map(charge));
  expect(credits).toEqual({ balance, reserved: 0, available: balance });
  expect(slots.active).toBe(0);
}

test('after any steps in any order, sessions, usage, credits and slots agree', async () => {
  const script = fc.array(step, { minLength: 12, maxLength: 40 });
  await fc.assert(fc.asyncProperty(script, perform), {
    seed: testSeed,
    numRuns: 12,
    // Shrinks a failure to the few steps that matter.
    plugins: [fc.interruptAfterTimeLimit(240_000)],
  });
}, 300_000);
