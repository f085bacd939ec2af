import { until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { newId } from '../src/common/ids.ts';
import { read, type Schemas } from './harness/responses.ts';
import { startTestServer, type TestServer } from './harness/test-server.ts';

type Status = Schemas['SystemStatus'];

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  const { id: workerKeyId } = await server.database.prisma.workerKey.findFirstOrThrow();
  await server.database.prisma.worker.create({
    data: {
      id: newId('wkr'),
      name: 'one',
      runtimeType: 'livekit',
      qualities: ['standard'],
      slots: 1,
      version: '1.0.0',
      workerKeyId,
      // Too long ago to be up, and too recent to be deleted.
      lastSeenAt: new Date(Date.now() - 120_000),
    },
  });
});

afterAll(() => server.close());

/** Reads the status without a key. */
const status = () => read<Status>(server.request('/v1/status', { key: null }));

const components = ({ components: parts }: Status) =>
  Object.fromEntries(parts.map(({ name, status: state }) => [name, state]));

async function workerSeen(at: Date): Promise<void> {
  await server.database.prisma.worker.updateMany({ data: { lastSeenAt: at } });
}

test('the status needs no key and checks each component', async () => {
  const current = await status();
  expect(components(current)).toEqual({
    database: 'operational',
    dispatch: 'operational',
    workers: 'outage',
  });
  expect(current.status).toBe('degraded');
  expect(Date.now() - Date.parse(current.updated_at)).toBeLessThan(5_000);
});

test('the status is operational only while a worker was seen recently', async () => {
  await workerSeen(new Date());
  await until(async () => (await status()).status === 'operational');
  expect(components(await status())).toMatchObject({ workers: 'operational' });

  await workerSeen(new Date(Date.now() - 120_000));
  await until(async () => (await status()).status === 'degraded');
  expect(components(await status())).toMatchObject({ workers: 'outage' });
});

test('concurrent requests share one check', async () => {
  const responses = await Promise.all(Array.from({ length: 20 }, status));
  expect(new Set(responses.map((response) => response.updated_at)).size).toBeLessThanOrEqual(2);
});
