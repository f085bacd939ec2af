import { randomBytes } from 'node:crypto';
import { on } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { brokenInvariants, duplicatedCreates } from '@greenroom/api/testing/invariants';
import { openEmbeddedPostgres } from '@greenroom/database';

import { buildApps } from '../build-apps.mjs';
import { readDevKeys, startApi } from '../built-programs.ts';
import { stopProcess, type ServerProcess } from '../server-process.ts';
import { startTraffic, type Traffic } from './traffic/traffic.ts';

/** A server of several processes, which customers and workers use. */
export interface ServerUnderTraffic {
  api: ServerProcess;
  traffic: Traffic;
}

const REPLACE_TIMEOUT_MS = 120_000;

/**
 * Builds and starts a server, disturbs it under load, and prints the responses. Resolves with false when a caller got a
 * response that it must not get, something acknowledged was lost or an invariant is broken.
 *
 * @param options.disturb resolves when the load may stop, with lines to print
 */
export async function runUnderTraffic(options: {
  processes: number;
  random?: () => number;
  disturb: (server: ServerUnderTraffic) => Promise<readonly string[]>;
}): Promise<boolean> {
  const { processes, random = Math.random, disturb } = options;
  await buildApps('api');
  const dir = await mkdtemp(join(tmpdir(), 'greenroom-traffic-'));
  const postgres = await openEmbeddedPostgres({ dataDir: dir });
  let api: ServerProcess | null = null;
  try {
    const dataDir = join(dir, 'api');
    api = await startApi({
      databaseUrl: postgres.url,
      dataDir,
      tokenKey: randomBytes(32).toString('base64'),
      args: ['--processes', String(processes)],
      env: { LOG_LEVEL: 'info' },
    });
    const traffic = startTraffic({ urls: [api.url], keys: await readDevKeys(dataDir), random });
    const lines = await disturb({ api, traffic });
    const problems = await problemsOf(traffic, postgres.url);
    const { exchanges } = traffic.balancer;
    const broken = exchanges.filter(({ status }) => status === null).length;
    const unavailable = exchanges.filter(({ status }) => status === 503).length;
    console.log(
      [
        ...lines,
        `${traffic.ledger.created.size} sessions created and ended, ${traffic.ledger.performances.size} performed`,
        `${exchanges.length} requests, ${unavailable} responses 503 with Retry-After`,
        `${broken} requests on a connection that was closed`,
        ...problems,
        ...(problems.length === 0 ? ['Nothing was lost, and no connection was refused.'] : []),
      ].join('\n'),
    );
    return problems.length === 0;
  } finally {
    if (api !== null) await stopProcess(api.child);
    await postgres.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Replaces the processes of a server one after another. */
export async function replaceProcesses(api: ServerProcess): Promise<void> {
  const replaced = untilLogged(api, 'replaced the API processes');
  api.child.kill('SIGUSR2');
  await replaced;
}

/** Kills one process of a server. Resolves when another one serves in its place. */
export async function killProcess(api: ServerProcess, pid: number): Promise<void> {
  const replaced = untilLogged(api, 'replacement API process is serving');
  process.kill(pid, 'SIGKILL');
  await replaced;
}

/** @throws {Error} when that takes too long */
async function untilLogged({ child }: ServerProcess, message: string): Promise<void> {
  if (child.stdout === null) throw new Error('The log of the API cannot be read');
  const lines = createInterface(child.stdout);
  const signal = AbortSignal.timeout(REPLACE_TIMEOUT_MS);
  for await (const [line] of on(lines, 'line', { signal }) as AsyncIterable<[string]>) {
    if (line.includes(`"${message}"`)) return;
  }
}

async function problemsOf(traffic: Traffic, databaseUrl: string): Promise<string[]> {
  const unconfirmed = await traffic.stop();
  const refused = traffic.balancer.exchanges.filter(({ detail }) => detail === 'ECONNREFUSED').length;
  return [
    ...unconfirmed,
    ...(refused > 0 ? [`${refused} connections were refused`] : []),
    ...(await brokenInvariants(databaseUrl, new Set(traffic.ledger.created.values()))),
    ...(await duplicatedCreates(databaseUrl)),
  ];
}
