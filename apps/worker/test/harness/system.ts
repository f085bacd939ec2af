import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createGreenroom, type Greenroom, type Schemas } from '@greenroom/client';
import { createTestDatabase } from '@greenroom/database/testing';
import { freePort, sessionCreate } from '@greenroom/testing';

import { startHttpProxy, type HttpProxy } from './http-proxy.ts';
import { runProgram, type Program } from './program.ts';

export interface ApiProcess extends Program {
  readonly url: string;
}

/** API and worker processes on a separate database, behind a reverse proxy. */
export interface System extends AsyncDisposable {
  readonly proxy: HttpProxy;
  /** The running API processes. */
  readonly apis: readonly ApiProcess[];
  readonly greenroom: Greenroom;
  /** A client with a live key. */
  readonly live: Greenroom;
  /** Starts another API process and appends it to the servers of the proxy. */
  startApi(): Promise<ApiProcess>;
  /** Kills the first API process, and resolves when it has exited. */
  killApi(): Promise<void>;
  /** Starts a worker; resolves when it is registered. */
  startWorker(env?: Record<string, string>): Promise<Program>;
  /** Creates a test session in a new room. */
  create(fields?: Partial<Schemas['SessionCreate']>): Promise<Schemas['Session']>;
}

export interface SystemOptions {
  /** The environment of the API processes. */
  env?: Record<string, string>;
  /** An external database; by default one of the test server. */
  databaseUrl?: string;
}

/** Short, so that tests detect lost workers soon, but long enough for a busy machine. */
const SHORT_LEASE = { GREENROOM_LEASE_SECONDS: '6', GREENROOM_REPORT_INTERVAL_SECONDS: '2' };

/** Starts a system with one API process and no worker. */
export async function startSystem({ env = {}, databaseUrl }: SystemOptions = {}): Promise<System> {
  const dataDir = await mkdtemp(join(tmpdir(), 'greenroom-system-'));
  const database = databaseUrl === undefined ? await createTestDatabase() : null;
  const proxy = await startHttpProxy();
  const programs: Program[] = [];
  const apis: ApiProcess[] = [];

  async function startApi(): Promise<ApiProcess> {
    const program = runProgram('api/src/main.ts', {
      DATABASE_URL: databaseUrl ?? database?.url ?? '',
      GREENROOM_DATA_DIR: dataDir,
      PORT: String(await freePort()),
      ...SHORT_LEASE,
      ...env,
    });
    programs.push(program);
    const [, url = ''] = await program.printed(/curl (http:\/\/[^/]+)/);
    const api = { ...program, url };
    apis.push(api);
    proxy.setServers(...apis.map((one) => one.url));
    return api;
  }

  await startApi();
  const keys = JSON.parse(await readFile(join(dataDir, 'dev.json'), 'utf8')) as {
    test_key: string;
    live_key: string;
  };
  const greenroom = createGreenroom({ baseUrl: proxy.url, apiKey: keys.test_key });
  const live = createGreenroom({ baseUrl: proxy.url, apiKey: keys.live_key });

  return {
    proxy,
    apis,
    greenroom,
    live,
    startApi,
    async killApi() {
      const [killed] = apis.splice(0, 1);
      killed?.kill('SIGKILL');
      await killed?.exited;
      proxy.setServers(...apis.map((one) => one.url));
    },
    async startWorker(workerEnv = {}) {
      const program = runProgram('worker/src/main.ts', {
        GREENROOM_API_URL: proxy.url,
        GREENROOM_WORKER_KEY_FILE: join(dataDir, 'worker.key'),
        GREENROOM_RUNTIMES: 'simulator',
        LOG_LEVEL: 'debug',
        ...workerEnv,
      });
      programs.push(program);
      await program.printed(/"registered"/);
      return program;
    },
    // The simulator speaks for ten seconds, so the session ends after eleven.
    create: async (fields = {}) =>
      greenroom.sessions.create(await sessionCreate({ idle_timeout_seconds: 1, ...fields })),
    async [Symbol.asyncDispose]() {
      for (const program of programs.reverse()) {
        program.kill('SIGKILL');
        await program.exited;
      }
      await proxy[Symbol.asyncDispose]();
      await database?.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
