import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openEmbeddedPostgres, type EmbeddedPostgres } from '@greenroom/database';
import { startTcpProxy, type TcpProxy } from '@greenroom/testing';

import { buildApps } from '../build-apps.mjs';
import { readDevKeys, startApi, startWorker } from '../built-programs.ts';
import { hasExited, stopProcess, type ServerProcess } from '../server-process.ts';

/** Two API processes, a simulator worker, and PostgreSQL behind a proxy that can misbehave. */
export interface Fleet {
  readonly apis: readonly ServerProcess[];
  readonly testKey: string;
  readonly proxy: TcpProxy;
  /** Connection string that bypasses the proxy. */
  readonly databaseUrl: string;
  /** Path of the embedded cluster. */
  readonly cluster: string;
  /** Restarts PostgreSQL on the same port after it was killed. */
  restartPostgres(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Builds the applications and starts the fleet in a temporary directory. With `direct`, the API processes bypass the
 * proxy, which runs in the measuring process and would distort the measurements.
 *
 * @throws {Error} with the output of a process that is not ready within a minute
 */
export async function startFleet({ direct = false } = {}): Promise<Fleet> {
  await buildApps('api', 'worker');
  const dir = await mkdtemp(join(tmpdir(), 'greenroom-faults-'));
  const opened: EmbeddedPostgres[] = [await openEmbeddedPostgres({ dataDir: dir })];
  const postgres = new URL(opened[0]?.url ?? '');
  const proxy = await startTcpProxy(Number(postgres.port));
  const url = new URL(postgres);
  if (!direct) url.port = String(proxy.port);
  const children: ChildProcess[] = [];
  const tokenKey = randomBytes(32).toString('base64');
  const dataDir = join(dir, 'one');

  const start = async (folder: string): Promise<ServerProcess> => {
    const api = await startApi({ dataDir: folder, databaseUrl: url.href, tokenKey });
    children.push(api.child);
    return api;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(children.map(stopProcess));
    await proxy.close();
    for (const each of opened) await each.stop();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const apis = [await start(dataDir), await start(join(dir, 'two'))];
    children.push(startWorker(apis[0]?.url ?? '', dataDir));
    return {
      apis,
      testKey: (await readDevKeys(dataDir)).test,
      proxy,
      databaseUrl: postgres.href,
      cluster: join(dir, 'postgres'),
      async restartPostgres() {
        opened.push(await openEmbeddedPostgres({ dataDir: dir, port: Number(postgres.port) }));
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Returns the API processes that have exited. */
export function exitedProcesses({ apis }: Fleet): ServerProcess[] {
  return apis.filter(({ child }) => hasExited(child));
}
