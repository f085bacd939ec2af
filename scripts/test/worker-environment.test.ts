import { expect, test } from '@jest/globals';

import { workerEnvironment } from '../worker-environment.mjs';
import { root } from './repository.ts';

const serving = { url: 'http://127.0.0.1:4000', workerKeyFile: '/data/worker.key' };

test('the development worker has no secret of the API in its environment', () => {
  const given = {
    PATH: '/bin',
    DATABASE_URL: 'postgresql://u:p@db/x',
    GREENROOM_TOKEN_KEY: 'secret',
    GREENROOM_WORKER_KEY: 'wk_other',
    PGPASSWORD: 'secret',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
  expect(workerEnvironment(serving, given)).toEqual({
    PATH: '/bin',
    GREENROOM_ALLOW_PRIVATE_ADDRESSES: 'true',
    GREENROOM_RUNTIMES: 'simulator,livekit',
    GREENROOM_MEDIA_PORT: '0',
    GREENROOM_API_URL: serving.url,
    GREENROOM_WORKER_KEY_FILE: serving.workerKeyFile,
  });
});

test('the development worker inherits every setting of a worker except its key', async () => {
  const { environment } = (await import(`${root}/apps/worker/src/config.ts`)) as { environment: object };
  const names = Object.keys(environment).filter((name) => name !== 'GREENROOM_WORKER_KEY');
  const given = Object.fromEntries(names.map((name) => [name, `chosen ${name}`]));
  expect(workerEnvironment(serving, given)).toEqual({
    ...given,
    GREENROOM_API_URL: serving.url,
    GREENROOM_WORKER_KEY_FILE: serving.workerKeyFile,
  });
});
