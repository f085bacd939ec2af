import { scopeValues, type KeyMode, type Scope } from '@greenroom/contract';
import {
  ensureOrg,
  ensurePlatform,
  isDatabaseUnavailable,
  openDatabase,
  type Database,
  type OrgSeed,
} from '@greenroom/database';
import { createTestDatabase } from '@greenroom/database/testing';
import { pino } from 'pino';

import { createApiKey } from '../../src/api-keys/api-key-service.ts';
import { SYSTEM } from '../../src/audit/audit-repository.ts';
import { readConfig, type SessionConfig } from '../../src/common/config.ts';
import type { ServerOptions } from '../../src/server-parts.ts';
import { startServer } from '../../src/server.ts';
import { createWorkerKey } from '../../src/workers/worker-key-service.ts';
import { checkResponse } from './response-check.ts';

export { SignInCodes } from '../../src/static-site/sign-in-codes.ts';

/** The encryption key of every test server, so that several can share a database. */
export const TOKEN_KEY = Buffer.alloc(32, 7);

export interface TestServerOptions extends Partial<Omit<ServerOptions, 'sessions'>> {
  sessions?: Partial<SessionConfig>;
}

export interface TestServer {
  url: string;
  /** The URL of the metrics; null without them. */
  metricsUrl: string | null;
  /** The database, on connections of the test, whose statements are not checked. */
  database: Database;
  /** The database, on the connections of the server. */
  serverDatabase: Database;
  databaseUrl: string;
  /** The lines that the server has logged, as JSON. */
  logLines: string[];
  /** Keys of the organisation `dev` with every scope. */
  keys: { test: string; live: string; worker: string };
  /** Sends a raw request to this server. Checks the response against the document. */
  request(path: string, init?: RequestInit & { key?: string | null; json?: unknown }): Promise<Response>;
  createKey(options?: {
    orgId?: string;
    mode?: KeyMode;
    scopes?: Scope[];
    expiresAt?: Date | null;
  }): Promise<{ id: string; secret: string }>;
  createOrg(seed: Partial<OrgSeed> & { id: string }): Promise<{ test: string; live: string }>;
  /** Starts another server on the same database, like a second process. Closed with this one at the latest. */
  another(options?: TestServerOptions): Promise<TestServer>;
  close(): Promise<void>;
}

/** Starts a real server on a socket, with a separate database unless a migrated one is given. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const testDatabase =
    options.databaseUrl === undefined
      ? await createTestDatabase()
      : { url: options.databaseUrl, drop: async () => undefined };
  const database = openDatabase(testDatabase.url, { poolSize: 5, applicationName: 'greenroom-test' });
  const serverDatabase = openDatabase(testDatabase.url, {
    poolSize: 10,
    applicationName: 'greenroom-server',
  });
  await ensurePlatform(serverDatabase);
  await ensureOrg(serverDatabase, {
    id: 'dev',
    name: 'Development',
    planId: 'scale',
    overrides: { concurrentSessions: 100_000, requestsPerSecond: 100_000, createsPerSecond: 100_000 },
    credits: 1_000_000,
  });
  const server = await serve(database, serverDatabase, testDatabase.url, options);
  const others: TestServer[] = [];
  return {
    ...server,
    async another(options) {
      const other = await server.another(options);
      others.push(other);
      return other;
    },
    async close() {
      // A failed test may leave a server running, and Jest would wait for it.
      await Promise.all([server, ...others].map((each) => each.close()));
      await Promise.all([database, serverDatabase].map((each) => each.close()));
      await testDatabase.drop();
    },
  };
}

/** Runs work, and retries it while a busy machine provides no connection in time. */
async function whenAvailable<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
    }
  }
}

async function serve(
  database: Database,
  ownDatabase: Database,
  databaseUrl: string,
  options: TestServerOptions,
): Promise<TestServer> {
  const logLines: string[] = [];
  const { database: serverDatabase = ownDatabase } = options;
  const server = await startServer({
    database: serverDatabase,
    databaseUrl,
    log: pino(
      { level: 'debug' },
      {
        write(line: string) {
          logLines.push(line);
        },
      },
    ),
    host: '127.0.0.1',
    port: 0,
    metrics: null,
    tracing: null,
    maxInFlight: 1000,
    docsDir: null,
    consoleDir: null,
    trustProxy: false,
    rateLimits: {
      requestsPerSecond: 100,
      createsPerSecond: 20,
      workerRequestsPerSecond: 1000,
      anonymousRequestsPerSecond: 1000,
    },
    webhooks: { allowLoopback: false },
    retention: readConfig({}).retention,
    ...options,
    sessions: {
      tokenKey: TOKEN_KEY,
      joinDeadlineSeconds: 60,
      firstFrameDeadlineSeconds: 30,
      drainDeadlineSeconds: 30,
      leaseSeconds: 15,
      reportIntervalSeconds: 5,
      allowInsecureUrls: false,
      ...options.sessions,
    },
  });

  const createKey: TestServer['createKey'] = async ({
    orgId = 'dev',
    mode = 'test',
    scopes = [...scopeValues],
    expiresAt = null,
  } = {}) => {
    const { key, secret } = await createApiKey(
      serverDatabase,
      { orgId, mode },
      { name: 'test', scopes, expiresAt },
      SYSTEM,
    );
    return { id: key.id, secret };
  };
  const keysOf = async (orgId: string) => ({
    test: (await whenAvailable(() => createKey({ orgId, mode: 'test' }))).secret,
    live: (await whenAvailable(() => createKey({ orgId, mode: 'live' }))).secret,
  });
  const worker = (await whenAvailable(() => createWorkerKey(serverDatabase, 'test', SYSTEM))).secret;
  const keys = { ...(await keysOf('dev')), worker };

  return {
    url: server.url,
    metricsUrl: server.metricsUrl,
    database,
    serverDatabase,
    databaseUrl,
    logLines,
    keys,
    createKey,
    async createOrg(seed) {
      await ensureOrg(serverDatabase, { name: seed.id, planId: 'scale', credits: 1000, ...seed });
      return keysOf(seed.id);
    },
    async request(path, { key = keys.test, json, headers, ...init } = {}) {
      const url = new URL(path, server.url);
      const response = await fetch(url, {
        ...init,
        headers: {
          ...(key !== null && { Authorization: `Bearer ${key}` }),
          ...(json !== undefined && { 'Content-Type': 'application/json' }),
          ...(headers as Record<string, string> | undefined),
        },
        ...(json !== undefined && { body: JSON.stringify(json) }),
      });
      await checkResponse(init.method ?? 'GET', url, response);
      return response;
    },
    another: (others = {}) => serve(database, ownDatabase, databaseUrl, { ...options, ...others }),
    close: () => server.close(),
  };
}
