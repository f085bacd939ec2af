import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';

import { listAuditEntries } from '../../src/audit/audit-repository.ts';
import { greenroom, greenroomJson } from '../harness/greenroom.ts';
import { createSession, read } from '../harness/responses.ts';
import { startTestServer, type TestServer } from '../harness/test-server.ts';

// Each command is a program, which takes seconds to start on a busy machine.
jest.setTimeout(240_000);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ sessions: { joinDeadlineSeconds: 600 } });
});
afterAll(() => server.close());

const json = (...args: string[]) => greenroomJson(server, ...args);
const entriesOf = (orgId: string | undefined, take = 50) =>
  listAuditEntries(server.database, { orgId, since: undefined, before: undefined, take });

test('a key that creates or revokes another one is recorded, and a rejected request is not', async () => {
  const { id: caller, secret: key } = await server.createKey({ orgId: 'dev', mode: 'live' });
  const before = await entriesOf('dev');
  const create = (name: string) =>
    server.request('/v1/api_keys', { method: 'POST', key, json: { name, scopes: ['usage:read'] } });
  const created = await read<{ id: string; secret: string }>(create('backend'));
  expect((await create('')).status).toBe(422);
  const remove = () => server.request(`/v1/api_keys/${created.id}`, { method: 'DELETE', key });
  expect([(await remove()).status, (await remove()).status]).toEqual([204, 404]);

  const entries = (await entriesOf('dev')).slice(0, -before.length || undefined);
  const shared = { orgId: 'dev', actorKind: 'api_key', actorId: caller, objectId: created.id };
  const details = { mode: 'live', name: 'backend', scopes: ['usage:read'], expires_at: null };
  expect(entries).toMatchObject([
    { ...shared, action: 'api_key.revoke', details: {} },
    { ...shared, action: 'api_key.create', details },
  ]);
  expect(JSON.stringify(entries)).not.toContain(created.secret);
});

test('every command that changes something is recorded with its operator', async () => {
  await json('orgs', 'create', 'acme', '--plan', 'starter', '--name', 'Acme Inc.');
  const granted = (await json('credits', 'grant', 'acme', '5', '--reference', 'inv-1')) as { id: string };
  // Repeated, it changes nothing.
  expect(await json('credits', 'grant', 'acme', '5', '--reference', 'inv-1')).toEqual(granted);
  const { secret: customer } = await server.createKey({ orgId: 'acme', mode: 'live' });
  const session = await createSession(server, { max_duration_seconds: 60 }, customer);
  const key = (await json(
    ...['keys', 'create', '--org', 'acme', '--mode', 'live', '--scope', 'usage:read'],
  )) as { id: string };
  const [worker, rotated] = (await Promise.all([
    json('keys', 'create', '--worker', '--name', 'rack 7'),
    json('keys', 'rotate', key.id, '--overlap', '1h'),
    json('orgs', 'set-limits', 'acme', '--concurrent-sessions', '7'),
    json('sessions', 'end', session.id, '--org', 'acme', '--yes'),
  ])) as { id: string }[];
  await Promise.all([
    json('keys', 'revoke', rotated?.id ?? '', '--yes'),
    json('keys', 'revoke', worker?.id ?? '', '--yes'),
    json('orgs', 'set-plan', 'acme', 'launch'),
  ]);
  expect(await greenroom(server, 'keys', 'revoke', worker?.id ?? '', '--yes')).toEqual({
    status: 1,
    output: `Key \`${worker?.id}\` is already revoked.\n`,
  });
  expect(await greenroom(server, 'credits', 'grant', 'acme', '6', '--reference', 'inv-1')).toEqual({
    status: 1,
    output: expect.stringMatching(
      /^The reference `inv-1` granted 5 credits at .* Use another reference, or repeat that amount\.\n$/,
    ),
  });

  const ofOperator = (await entriesOf(undefined)).filter(({ actorKind }) => actorKind === 'operator');
  expect(ofOperator.every(({ actorId }) => /^[^@]+@[^@]+$/.test(actorId))).toBe(true);
  const recorded = Object.fromEntries(
    ofOperator.map(({ action, orgId, objectId, details }) => [`${action} ${objectId}`, { orgId, details }]),
  );
  expect(ofOperator).toHaveLength(10);
  const ofAcme = (details: object) => ({ orgId: 'acme', details: expect.objectContaining(details) });
  expect(recorded).toEqual({
    'organisation.create acme': ofAcme({ name: 'Acme Inc.', plan: 'starter' }),
    [`credits.grant ${granted.id}`]: ofAcme({ credits: 5, reference: 'inv-1', mode: 'live' }),
    [`api_key.create ${key.id}`]: ofAcme({ scopes: ['usage:read'] }),
    [`api_key.create ${rotated?.id}`]: ofAcme({ replaces: key.id }),
    [`api_key.revoke ${rotated?.id}`]: ofAcme({}),
    [`worker_key.create ${worker?.id}`]: { orgId: null, details: { name: 'rack 7' } },
    [`worker_key.revoke ${worker?.id}`]: { orgId: null, details: {} },
    'organisation.set_limits acme': ofAcme({ concurrent_sessions: { from: null, to: 7 } }),
    'organisation.set_plan acme': ofAcme({ plan_id: { from: 'starter', to: 'launch' } }),
    [`session.end ${session.id}`]: ofAcme({ mode: 'live' }),
  });
});

test('the audit is listed newest first, by organisation, since a time and before an entry', async () => {
  await server.createOrg({ id: 'listed' });
  for (let count = 0; count < 3; count += 1) await server.createKey({ orgId: 'listed' });
  const ids = (await entriesOf('listed')).map(({ id }) => id);
  expect(ids).toHaveLength(5);
  expect(ids).toEqual(ids.toSorted().reverse());
  const list = async (...args: string[]) =>
    ((await json('audit', '--org', 'listed', ...args)) as { id: string }[]).map(({ id }) => id);
  const [all, page, later] = await Promise.all([
    list(),
    list('--limit', '2', '--before', ids[0] ?? ''),
    list('--since', '2999-01-01T00:00:00Z'),
  ]);
  expect([all, page, later]).toEqual([ids, ids.slice(1, 3), []]);
  const table = await greenroom(server, 'audit', '--org', 'listed', '--limit', '1');
  expect(table.output).toMatch(
    /^id +at +actor_kind +actor +action +org +object +details\naud_\w+ .* system +start +api_key\.create +listed +key_\w+ +\{"/,
  );
});

test.each([
  [1, ['--org', 'nobody'], /Organisation `nobody` does not exist/],
  [2, ['--since', 'yesterday'], /such as `2026-11-01T00:00:00Z`/],
  [2, ['--limit', '0'], /integer from 1 to 1000/],
])('%i for audit %j', async (status, args, message) => {
  const outcome = await greenroom(server, 'audit', ...args);
  expect(outcome.output).toMatch(message);
  expect(outcome.output.trimEnd()).not.toContain('\n');
  expect(outcome.status).toBe(status);
});
