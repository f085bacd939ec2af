import { hostname } from 'node:os';

import { ConfigError } from '@greenroom/settings';
import { expect, test } from '@jest/globals';

import { readConfig } from './config.ts';

const KEY = { GREENROOM_WORKER_KEY: 'wk_secret' };

test('a worker key is the only required setting', () => {
  expect(readConfig(KEY)).toMatchObject({
    apiUrl: 'http://127.0.0.1:4000',
    key: { secret: 'wk_secret' },
    workerName: hostname().slice(0, 100),
    allowPrivateAddresses: false,
    logLevel: 'info',
  });
  expect(readConfig({ GREENROOM_WORKER_KEY_FILE: 'worker.key' }).key).toEqual({ file: 'worker.key' });
});

test('slots default to those of the runtime', () => {
  const { runtimes } = readConfig({ ...KEY, GREENROOM_RUNTIMES: 'simulator,simulator' });
  expect(runtimes).toEqual([{ name: 'simulator', slots: 1000 }]);
  const few = readConfig({ ...KEY, GREENROOM_RUNTIMES: 'simulator', GREENROOM_SLOTS: 'simulator=7' });
  expect(few.runtimes).toEqual([{ name: 'simulator', slots: 7 }]);
});

test.each([
  ['GREENROOM_API_URL', 'ftp://secret-word'],
  ['GREENROOM_API_URL', 'http://someone:secret-word@example.com'],
  ['GREENROOM_WORKER_KEY', 'sk_live_secret-word'],
  ['GREENROOM_RUNTIMES', 'simulator,secret-word'],
  ['GREENROOM_SLOTS', 'simulator=0'],
  ['GREENROOM_SLOTS', 'simulator=1001'],
  ['GREENROOM_SLOTS', 'simulator=1e2'],
  ['GREENROOM_SLOTS', 'secret-word=4'],
  ['GREENROOM_ALLOW_PRIVATE_ADDRESSES', 'secret-word'],
  ['LOG_LEVEL', 'secret-word'],
])('%s=%s is rejected by name, without its value', (name, value) => {
  const reading = () => readConfig({ ...KEY, [name]: value });
  expect(reading).toThrow(ConfigError);
  expect(reading).toThrow(name);
  expect(reading).not.toThrow('secret-word');
});

test('the error for a missing key says how to create one', () => {
  expect(() => readConfig({})).toThrow(/GREENROOM_WORKER_KEY: .*keys create --worker/);
});

test('a key that is set twice is an error', () => {
  expect(() => readConfig({ ...KEY, GREENROOM_WORKER_KEY_FILE: 'worker.key' })).toThrow(
    'GREENROOM_WORKER_KEY_FILE: must not be set together with GREENROOM_WORKER_KEY. Unset one of them',
  );
});
