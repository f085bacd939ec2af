import type { KeyMode } from '@greenroom/contract';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { accountOf } from './harness/account.ts';
import { errorOf } from './harness/error-response.ts';
import { idsOf } from './harness/pages.ts';
import { createSession, endSession, read, type Schemas, type Session } from './harness/responses.ts';
import { startTestServer, type TestServer } from './harness/test-server.ts';
import { drawUsage, insertUsage } from './usage/fixture.ts';

interface Party {
  orgId: string;
  mode: KeyMode;
  key: string;
  session: Session;
  /** An API key that the other parties try to use. */
  keyId: string;
  usageId: string;
}

const names = ['dev test', 'dev live', 'other test', 'other live'];
let server: TestServer;
const parties = new Map<string, Party>();

beforeAll(async () => {
  server = await startTestServer();
  await server.createOrg({ id: 'other' });
  for (const [index, name] of names.entries()) {
    const [orgId, mode] = name.split(' ') as [string, KeyMode];
    const key = (await server.createKey({ orgId, mode })).secret;
    const usage = drawUsage(1, new Date(), new Date(Date.now() + 1), index + 1).map((row) => ({
      ...row,
      seconds: 10 ** index,
    }));
    await insertUsage(server.database, usage, { orgId, mode });
    parties.set(name, {
      orgId,
      mode,
      key,
      session: await createSession(server, { avatar_id: 'av_stock_003' }, key),
      keyId: (await server.createKey({ orgId, mode })).id,
      usageId: usage[0]?.id ?? '',
    });
  }
});

afterAll(() => server.close());

function party(name: string): Party {
  const found = parties.get(name);
  if (found === undefined) throw new Error(`No party ${name}`);
  return found;
}

describe.each(names)('a key of %s', (name) => {
  test('lists only its own sessions, with any filter', async () => {
    const { key, session } = party(name);
    for (const query of [
      '',
      '?status=active',
      '?avatar_id=av_stock_003',
      '?status=queued&avatar_id=av_stock_003',
    ]) {
      expect(await idsOf(server, `/v1/sessions${query}`, key)).toEqual([session.id]);
    }
  });

  test('sees only its own usage', async () => {
    const { key, usageId, session } = party(name);
    expect(await idsOf(server, '/v1/usage/events', key)).toEqual([usageId]);
    expect(await idsOf(server, `/v1/usage/events?session_id=${session.id}`, key)).toEqual([]);
    const summary = await read<Schemas['UsageSummary']>(server.request('/v1/usage', { key }));
    expect(summary).toMatchObject({ billable_seconds: 10 ** names.indexOf(name), sessions: 1 });
  });

  test('counts only its own sessions', async () => {
    expect((await accountOf(server, party(name).key)).sessions.active).toBe(1);
  });

  test('lists only its own API keys', async () => {
    const { key, keyId, orgId, mode } = party(name);
    const rows = await server.database.prisma.apiKey.findMany({ where: { orgId, mode, revokedAt: null } });
    const listed = await idsOf(server, '/v1/api_keys', key);
    expect(listed.toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
    expect(listed).toContain(keyId);
  });

  test('creates sessions and API keys only in its organisation and mode', async () => {
    const { key, orgId, mode, session } = party(name);
    const json = { name: 'child', scopes: ['sessions:read'] };
    const child = await read<{ id: string; mode: string; secret: string }>(
      server.request('/v1/api_keys', { method: 'POST', json, key }),
    );
    expect(child.mode).toBe(mode);
    expect(child.secret).toMatch(new RegExp(`^sk_${mode}_`));
    const { prisma } = server.database;
    expect(await prisma.apiKey.findFirst({ where: { id: child.id } })).toMatchObject({ orgId, mode });
    expect(await prisma.session.findFirst({ where: { id: session.id } })).toMatchObject({ orgId, mode });
  });

  test.each(names.filter((other) => other !== name))(
    'can neither see nor change objects of %s',
    async (other) => {
      const { key } = party(name);
      const theirs = party(other);
      const session = { status: 404, code: 'session.not_found', param: 'session_id' };
      for (const path of [`/v1/sessions/${theirs.session.id}`, `/v1/sessions/${theirs.session.id}/events`]) {
        expect(await errorOf(await server.request(path, { key }))).toEqual(session);
      }
      expect(await errorOf(await endSession(server, theirs.session.id, key))).toEqual(session);
      const deleted = await server.request(`/v1/api_keys/${theirs.keyId}`, { method: 'DELETE', key });
      expect(await errorOf(deleted)).toMatchObject({ status: 404, code: 'api_key.not_found' });
      for (const path of [
        `/v1/sessions?starting_after=${theirs.session.id}`,
        `/v1/usage/events?starting_after=${theirs.usageId}`,
        `/v1/api_keys?starting_after=${theirs.keyId}`,
      ]) {
        expect(await errorOf(await server.request(path, { key }))).toMatchObject({
          status: 400,
          code: 'cursor.unknown',
        });
      }
      // Nothing has changed.
      expect(await read(server.request(`/v1/sessions/${theirs.session.id}`, { key: theirs.key }))).toEqual(
        theirs.session,
      );
      expect(await idsOf(server, '/v1/api_keys', theirs.key)).toContain(theirs.keyId);
    },
  );
});
