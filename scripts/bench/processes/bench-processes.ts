import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { operationPaths } from '@greenroom/contract';
import { openEmbeddedPostgres } from '@greenroom/database';
import { sessionCreate } from '@greenroom/testing';

import { buildApps } from '../../build-apps.mjs';
import { readDevKeys, startApi, startWorker } from '../../built-programs.ts';
import { stopProcess } from '../../server-process.ts';
import type { BenchmarkOptions, BenchmarkResult } from '../benchmark.ts';
import { childrenOf, cpuSeconds } from './cpu-time.ts';

/** The throughput of one operation with a number of API processes. */
interface Measurement {
  processes: number;
  operation: 'list' | 'create and end';
  perSecond: number;
  /** Cores in use, on average. */
  cores: { primary: number; api: number; workers: number; postgres: number; client: number };
}

const PROCESSES = [1, 2, 4];
const WORKERS = 2;
const CONNECTIONS = 16;
const MEASUREMENT_MS = 10_000;
const SESSIONS = 100;

/**
 * Measures list, and create with end, with 1, 2 and 4 API processes on one port and two workers, and the CPU time of
 * each program, which shows the bottleneck.
 */
export async function benchProcesses({ signal, log }: BenchmarkOptions): Promise<BenchmarkResult> {
  await buildApps('api', 'worker');
  const dir = await mkdtemp(join(tmpdir(), 'greenroom-processes-'));
  const postgres = await openEmbeddedPostgres({ dataDir: dir });
  const measurements: Measurement[] = [];
  try {
    for (const processes of PROCESSES) {
      const dataDir = join(dir, 'api');
      const api = await startApi({
        databaseUrl: postgres.url,
        dataDir,
        tokenKey: randomBytes(32).toString('base64'),
        args: ['--processes', String(processes)],
      });
      const workers = Array.from({ length: WORKERS }, () => startWorker(api.url, dataDir));
      try {
        const { test: key } = await readDevKeys(dataDir);
        const send = sender(api.url, key);
        for (let count = 0; count < SESSIONS; count += 1) await createAndEnd(send);
        const pids = () => ({
          primary: processes === 1 ? [] : [api.child.pid ?? 0],
          api: processes === 1 ? [api.child.pid ?? 0] : childrenOf(api.child.pid ?? 0),
          workers: workers.map(({ pid }) => pid ?? 0),
          postgres: childrenOf(postmasterPid(dir)),
        });
        for (const [operation, work] of [
          ['list', () => send('GET', `${operationPaths['sessions.list']}?limit=20`)],
          ['create and end', () => createAndEnd(send)],
        ] as const) {
          signal.throwIfAborted();
          log(`${processes} processes: ${operation} …`);
          measurements.push({ processes, operation, ...(await measure(work, pids)) });
        }
      } finally {
        await Promise.all([...workers, api.child].map(stopProcess));
      }
    }
  } finally {
    await postgres.stop();
    await rm(dir, { recursive: true, force: true });
  }
  return { lines: measurements.map(lineOf), data: measurements, problems: [] };
}

function lineOf({ processes, operation, perSecond, cores }: Measurement): string {
  const used = Object.entries(cores).map(([program, share]) => `${program} ${share}`);
  return `${processes} processes, ${operation}: ${perSecond} a second; cores: ${used.join(', ')}`;
}

type Send = (method: 'GET' | 'POST', path: string, body?: object) => Promise<string>;

/** Returns a function that sends a request and, like the client, retries while the server is at capacity. */
function sender(url: string, key: string): Send {
  return async (method, path, body) => {
    for (;;) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.ok) return text;
      if (response.status !== 503) throw new Error(`${response.status} ${text}`);
    }
  };
}

async function createAndEnd(send: Send): Promise<void> {
  const { id } = JSON.parse(await send('POST', operationPaths['sessions.create'], await sessionCreate())) as {
    id: string;
  };
  await send('POST', operationPaths['sessions.end'].replace('{session_id}', id));
}

type Pids = Record<Exclude<keyof Measurement['cores'], 'client'>, number[]>;

/** Repeats work over several connections, and measures the CPU time of each program during it. */
async function measure(
  work: () => Promise<unknown>,
  pids: () => Pids,
): Promise<Pick<Measurement, 'perSecond' | 'cores'>> {
  const cpuTimes = () => {
    const { primary, api, workers, postgres } = pids();
    return [primary, api, workers, postgres].map(cpuSeconds);
  };
  const before = cpuTimes();
  const clientBefore = process.cpuUsage();
  const startedAtMs = performance.now();
  let count = 0;
  const repeat = async (): Promise<void> => {
    while (performance.now() - startedAtMs < MEASUREMENT_MS) {
      await work();
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, repeat));
  const elapsedSeconds = (performance.now() - startedAtMs) / 1000;
  const { user, system } = process.cpuUsage(clientBefore);
  const after = cpuTimes();
  const [primary = 0, api = 0, workers = 0, postgres = 0] = after.map((used, at) =>
    rounded((used - (before[at] ?? 0)) / elapsedSeconds),
  );
  const client = rounded((user + system) / 1_000_000 / elapsedSeconds);
  return {
    perSecond: Math.round(count / elapsedSeconds),
    cores: { primary, api, workers, postgres, client },
  };
}

function rounded(cores: number): number {
  return Math.round(cores * 100) / 100;
}

function postmasterPid(dir: string): number {
  return Number.parseInt(readFileSync(join(dir, 'postgres', 'postmaster.pid'), 'utf8'), 10);
}
