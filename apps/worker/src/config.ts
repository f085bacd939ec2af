import { hostname } from 'node:os';

import { limits } from '@greenroom/contract';
import { ConfigError, flag, logLevel, readSettings } from '@greenroom/settings';
import {
  tracingConfig,
  tracingEnvironment,
  type TracingConfig,
  type TracingProblem,
} from '@greenroom/tracing';
import { makeValidator, str } from 'envalid';

import { isWorkerKey } from './control-plane/worker-key.ts';
import type { MediaServerOptions } from './media/media-server.ts';
import { isRuntimeName, RUNTIME_NAMES, type RuntimeName } from './runtimes.ts';

export interface Config {
  apiUrl: string;
  /** The worker key, or the path of the file that contains it. */
  key: { secret: string } | { file: string };
  /** The runtimes to register, with the number of concurrent sessions of each. */
  runtimes: { name: RuntimeName; slots: number }[];
  workerName: string;
  /** Whether to join LiveKit servers on private addresses. */
  allowPrivateAddresses: boolean;
  /** Where clients of sessions over a WebSocket connect; null serves none. */
  media: MediaServerOptions | null;
  logLevel: string;
  /** Null disables tracing. */
  tracing: TracingConfig | TracingProblem | null;
}

const { minimum: MIN_SLOTS, maximum: MAX_SLOTS } = limits.WorkerCreate.slots;

// Error messages quote no value: it may be a secret that was put in the wrong variable.
const httpUrl = makeValidator((text: string) => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username !== '') {
    throw new Error('must be an http:// or https:// URL without a user');
  }
  return text.replace(/\/+$/, '');
});

const workerKey = makeValidator((text: string) => {
  if (!isWorkerKey(text)) throw new Error('must be a worker key, which starts with wk_');
  return text;
});

const runtimeNames = makeValidator((text: string) => {
  parseRuntimes(text);
  return text;
});

const slots = makeValidator((text: string) => {
  parseSlots(text);
  return text;
});

const mediaUrl = makeValidator((text: string) => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['ws:', 'wss:'].includes(url.protocol) || url.username !== '' || url.search !== '') {
    throw new Error('must be a ws:// or wss:// URL without a user or a query');
  }
  return text.replace(/\/+$/, '');
});

const mediaPort = makeValidator((text: string) => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) throw new Error('must be a port from 0 to 65535');
  return value;
});

const DEFAULT_SLOTS = 'simulator=1000,livekit=4';

/** Every environment variable that the worker reads. A test compares the list with the README's. */
export const environment = {
  GREENROOM_API_URL: httpUrl({ default: 'http://127.0.0.1:4000', desc: 'Address of the API' }),
  GREENROOM_WORKER_KEY: workerKey({ default: '', desc: 'Worker key, from `keys create --worker`' }),
  GREENROOM_WORKER_KEY_FILE: str({
    default: '',
    desc: 'File with the key instead; it may be created later, and is read again when the key is rejected',
  }),
  GREENROOM_RUNTIMES: runtimeNames({
    default: 'simulator',
    desc: `Comma-separated runtimes: ${RUNTIME_NAMES.join(', ')}`,
  }),
  GREENROOM_SLOTS: slots({
    default: DEFAULT_SLOTS,
    desc: 'Concurrent sessions of each runtime',
  }),
  GREENROOM_WORKER_NAME: str({ default: '', desc: 'Name in logs; the host name by default' }),
  GREENROOM_ALLOW_PRIVATE_ADDRESSES: flag({
    default: false,
    desc: 'Also join LiveKit servers on private and loopback addresses',
  }),
  GREENROOM_MEDIA_PORT: mediaPort({
    default: undefined,
    desc: 'Port for media over WebSockets, 0 for any; without it only sessions in rooms are performed',
  }),
  GREENROOM_MEDIA_HOST: str({ default: '127.0.0.1', desc: 'Address of that port; 0.0.0.0 for all' }),
  GREENROOM_MEDIA_URL: mediaUrl({
    default: '',
    desc: 'Base address at which clients reach that port, such as wss://media.example.com',
  }),
  LOG_LEVEL: logLevel({ default: 'info', desc: 'Least severe log line to write' }),
  ...tracingEnvironment,
} as const;

/**
 * Reads the configuration from environment variables. An empty variable counts as unset.
 *
 * @throws {ConfigError} naming every invalid variable, never a value
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const values = readSettings(env, environment);
  const slotsByRuntime = new Map([...parseSlots(DEFAULT_SLOTS), ...parseSlots(values.GREENROOM_SLOTS)]);
  return {
    apiUrl: values.GREENROOM_API_URL,
    key: keyFrom(values.GREENROOM_WORKER_KEY, values.GREENROOM_WORKER_KEY_FILE),
    runtimes: parseRuntimes(values.GREENROOM_RUNTIMES).map((name) => ({
      name,
      slots: slotsByRuntime.get(name) ?? 1,
    })),
    workerName: (values.GREENROOM_WORKER_NAME || hostname() || 'worker').slice(
      0,
      limits.WorkerCreate.name.maxLength,
    ),
    allowPrivateAddresses: values.GREENROOM_ALLOW_PRIVATE_ADDRESSES,
    media: mediaFrom(values.GREENROOM_MEDIA_PORT, values.GREENROOM_MEDIA_HOST, values.GREENROOM_MEDIA_URL),
    logLevel: values.LOG_LEVEL,
    tracing: tracingConfig(values),
  };
}

function keyFrom(secret: string, file: string): Config['key'] {
  if (secret !== '' && file !== '') {
    throw new ConfigError(
      'GREENROOM_WORKER_KEY_FILE: must not be set together with GREENROOM_WORKER_KEY. Unset one of them',
    );
  }
  if (secret !== '') return { secret };
  if (file !== '') return { file };
  throw new ConfigError(
    'GREENROOM_WORKER_KEY: is missing; create a key with `keys create --worker`, or name its file in GREENROOM_WORKER_KEY_FILE',
  );
}

function mediaFrom(port: number | undefined, host: string, url: string): Config['media'] {
  if (port === undefined) {
    if (url === '') return null;
    throw new ConfigError('GREENROOM_MEDIA_PORT: is missing; GREENROOM_MEDIA_URL needs a port to listen on');
  }
  if (url === '' && ['0.0.0.0', '::'].includes(host)) {
    throw new ConfigError(
      'GREENROOM_MEDIA_URL: is missing; set the address at which clients reach this worker',
    );
  }
  return { port, host, url: url === '' ? null : url };
}

function parseRuntimes(text: string): RuntimeName[] {
  const names = text.split(',').map((name) => name.trim());
  if (!names.every(isRuntimeName)) {
    throw new Error(`must be a comma-separated list of ${RUNTIME_NAMES.join(', ')}`);
  }
  return [...new Set(names)];
}

function parseSlots(text: string): [RuntimeName, number][] {
  return text.split(',').map((pair) => {
    const [name = '', count = ''] = pair.trim().split('=');
    if (!isRuntimeName(name)) throw new Error(`must look like ${DEFAULT_SLOTS}`);
    const value = Number(count);
    if (!/^\d+$/.test(count) || value < MIN_SLOTS || value > MAX_SLOTS) {
      throw new Error(`must give ${name} between ${MIN_SLOTS} and ${MAX_SLOTS} slots`);
    }
    return [name, value];
  });
}
