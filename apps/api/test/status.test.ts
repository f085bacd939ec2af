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
      // Longer ago than one that is up, and not so long that it is forgotten.
      lastSeenAt: new Date(Date.now() - 120_000),
    },
  });
});

afterAll(() => server.close());

/** Nobody needs a key to ask. */
const status = () => read<Status>(server.request('/v1/status', { key: null }));

const components = ({ components: parts }: Status) =>
  Object.fromEntries(parts.map(({ name, status: state }) => [name, state]));

async function workerSeen(at: Date): Promise<void> {
  await server.database.prisma.worker.updateMany({ data: { lastSeenAt: at } });
}

test('anybody may ask how things are, and each part is tried', async () => {
  const answer = await status();
  expect(components(answer)).toEqual({ database: 'operational', dispatch: 'operational', workers: 'outage' });
  expect(answer.status).toBe('degraded');
  expect(Date.now() - Date.parse(answer.updated_at)).toBeLessThan(5_000);
});

test('a worker that was seen lately makes all operational, and one that was not does not', async () => {
  await workerSeen(new Date());
  await until(async () => (await status()).status === 'operational');
  expect(components(await status())).toMatchObject({ workers: 'operational' });

  await workerSeen(new Date(Date.now() - 120_000));
  await until(async () => (await status()).status === 'degraded');
  expect(components(await status())).toMatchObject({ workers: 'outage' });
});

test('concurrent requests share one check', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, status));
  expect(new Set(answers.map((answer) => answer.updated_at)).size).toBeLessThanOrEqual(2);
});
