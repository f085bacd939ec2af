import { randomBytes } from 'node:crypto';
import { on } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

import { brokenInvariants, duplicatedCreates } from '@greenroom/api/testing/invariants';
import { openEmbeddedPostgres } from '@greenroom/database';

import { buildApps } from '../build-apps.mjs';
import { readDevKeys, startApi, stopProcess, type ApiProcess } from '../built-programs.ts';
import { startTraffic, type Traffic } from './traffic/traffic.ts';

export interface RestartOptions {
  processes: number;
  /** The time before and after each rolling restart. */
  seconds: number;
  /** Called with a line of progress. */
  log: (line: string) => void;
}

const RESTARTS = 3;
const RESTART_TIMEOUT_MS = 120_000;

/**
 * Replaces the processes of one server several times under load. Resolves with false when a connection was refused, a
 * caller got a response that it must not get, something acknowledged was lost or an invariant is broken.
 */
export async function restart({ processes, seconds, log }: RestartOptions): Promise<boolean> {
  await buildApps('api');
  const dir = await mkdtemp(join(tmpdir(), 'greenroom-restart-'));
  const postgres = await openEmbeddedPostgres({ dataDir: dir });
  let api: ApiProcess | null = null;
  try {
    const dataDir = join(dir, 'api');
    api = await startApi({
      databaseUrl: postgres.url,
      dataDir,
      tokenKey: randomBytes(32).toString('base64'),
      args: ['--processes', String(processes)],
      env: { LOG_LEVEL: 'info' },
    });
    const traffic = startTraffic({ urls: [api.url], keys: await readDevKeys(dataDir) });
    for (let count = 1; count <= RESTARTS; count += 1) {
      await delay(seconds * 1000);
      const startedAtMs = performance.now();
      await replaceProcesses(api);
      const tookMs = performance.now() - startedAtMs;
      log(
        `restart ${count}: ${(tookMs / 1000).toFixed(1)} s, ${traffic.ledger.created.size} sessions created`,
      );
    }
    await delay(seconds * 1000);
    const problems = await problemsOf(traffic, postgres.url);
    const { exchanges } = traffic.balancer;
    const broken = exchanges.filter(({ status }) => status === null).length;
    const unavailable = exchanges.filter(({ status }) => status === 503).length;
    console.log(
      [
        `${RESTARTS} rolling restarts of ${processes} processes, ${exchanges.length} requests`,
        `${traffic.ledger.created.size} sessions created and ended, ${traffic.ledger.performances.size} performed`,
        `${unavailable} responses 503 with Retry-After, ${broken} requests on a connection that was closing`,
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

/**
 * Resolves when every process was replaced.
 *
 * @throws {Error} when that fails or takes too long
 */
async function replaceProcesses(api: ApiProcess): Promise<void> {
  const log = api.child.stdout;
  if (log === null) throw new Error('The log of the API cannot be read');
  const deadline = AbortSignal.timeout(RESTART_TIMEOUT_MS);
  api.child.kill('SIGUSR2');
  for await (const [line] of on(createInterface(log), 'line', { signal: deadline }) as AsyncIterable<
    [string]
  >) {
    if (line.includes('"replaced the API processes"')) return;
    if (line.includes('were not replaced')) throw new Error(api.output());
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
