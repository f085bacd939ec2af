import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createGreenroom, type Greenroom, type Schemas } from '@greenroom/client';
import { createTestDatabase, freePort } from '@greenroom/database/testing';

import { startGateway, type Gateway } from './gateway.ts';
import { runProgram, type Program } from './program.ts';
import { sessionCreate } from './session-create.ts';

export interface ApiProcess extends Program {
  readonly url: string;
}

/** API and worker processes on a database of their own, behind a gateway. */
export interface System extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly greenroom: Greenroom;
  /** With a live key. */
  readonly live: Greenroom;
  /** Starts another API process and puts it behind the gateway, after those that are there. */
  startApi(): Promise<ApiProcess>;
  /** Kills the API process that is preferred, and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts a worker; resolves when it is registered. */
  startWorker(env?: Record<string, string>): Promise<Program>;
  /** Creates a test session in a room of its own. */
  create(fields?: Partial<Schemas['SessionCreate']>): Promise<Schemas['Session']>;
}

export interface SystemOptions {
  /** Of the API processes. */
  env?: Record<string, string>;
  /** An external database; by default one of the test server. */
  databaseUrl?: string;
}

/** Short, so that tests need not wait long for what is lost; long enough for a machine that does other things too. */
const SHORT_LEASE = { GREENROOM_LEASE_SECONDS: '6', GREENROOM_REPORT_INTERVAL_SECONDS: '2' };

/** A system with one API process and no worker yet. */
export async function startSystem({ env = {}, databaseUrl }: SystemOptions = {}): Promise<System> {
  const dataDir = await mkdtemp(join(tmpdir(), 'greenroom-system-'));
  const database = databaseUrl === undefined ? await createTestDatabase() : null;
  const gateway = await startGateway();
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
    gateway.setServers(...apis.map((one) => one.url));
    return api;
  }

  await startApi();
  const keys = JSON.parse(await readFile(join(dataDir, 'dev.json'), 'utf8')) as {
    test_key: string;
    live_key: string;
  };
  const greenroom = createGreenroom({ baseUrl: gateway.url, apiKey: keys.test_key });
  const live = createGreenroom({ baseUrl: gateway.url, apiKey: keys.live_key });

  return {
    gateway,
    greenroom,
    live,
    startApi,
    async kill() {
      const [killed] = apis.splice(0, 1);
      killed?.kill('SIGKILL');
      await killed?.exited;
      gateway.setServers(...apis.map((one) => one.url));
    },
    async startWorker(workerEnv = {}) {
      const program = runProgram('worker/src/main.ts', {
        GREENROOM_API_URL: gateway.url,
        GREENROOM_WORKER_KEY_FILE: join(dataDir, 'worker.key'),
        GREENROOM_RUNTIMES: 'simulator',
        LOG_LEVEL: 'debug',
        ...workerEnv,
      });
      programs.push(program);
      await program.printed(/"registered"/);
      return program;
    },
    create: (fields = {}) => greenroom.sessions.create(sessionCreate(fields)),
    async [Symbol.asyncDispose]() {
      for (const program of programs.reverse()) {
        program.kill('SIGKILL');
        await program.exited;
      }
      await gateway[Symbol.asyncDispose]();
      await database?.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
