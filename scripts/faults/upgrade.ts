import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { brokenInvariants, duplicatedCreates } from '@greenroom/api/testing/invariants';
import { openEmbeddedPostgres } from '@greenroom/database';

import { buildApps } from '../build-apps.mjs';
import { readDevKeys, startApi } from '../built-programs.ts';
import { hasExited, stopProcess, type ServerProcess } from '../server-process.ts';
import { startTraffic } from './traffic/traffic.ts';

export interface UpgradeOptions {
  /** The git revision of the previous version. */
  from: string;
  /** Duration of each phase: the previous version alone, both, and this version alone. */
  seconds: number;
  /** Called with a line of progress. */
  log: (line: string) => void;
}

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PNPM = ['-y', 'pnpm@12'];
const BUILD = "await (await import('./scripts/build-apps.mjs')).buildApps('api')";

/**
 * Starts a previous version on a new database, then this version on the same database, which migrates it, and stops the
 * previous one, all under load and with live sessions. Resolves with false when a caller got a response that it must
 * not get, something acknowledged was lost, a session was not billed exactly or an invariant is broken.
 */
export async function upgrade({ from, seconds, log }: UpgradeOptions): Promise<boolean> {
  await buildApps('api');
  const dir = await mkdtemp(join(tmpdir(), 'greenroom-upgrade-'));
  const previousRoot = join(dir, 'previous');
  log(`Building ${from} …`);
  await run('git', ['worktree', 'add', '--detach', previousRoot, from], { cwd: ROOT });
  const apis: ServerProcess[] = [];
  try {
    await run('npx', [...PNPM, 'install', '--offline', '--frozen-lockfile'], { cwd: previousRoot });
    await run('npx', [...PNPM, 'exec', 'node', '--input-type=module', '--eval', BUILD], {
      cwd: previousRoot,
    });
    const postgres = await openEmbeddedPostgres({ dataDir: dir });
    const shared = { databaseUrl: postgres.url, tokenKey: randomBytes(32).toString('base64') };
    try {
      const program = join(previousRoot, 'apps/api/dist/main.js');
      const previous = await startApi({ ...shared, program, dataDir: join(dir, 'one') });
      apis.push(previous);
      const keys = await readDevKeys(join(dir, 'one'));
      const traffic = startTraffic({ urls: [previous.url], keys });
      const { balancer, ledger } = traffic;
      const report = (phase: string): void => {
        log(`${phase}: ${balancer.exchanges.length} responses, ${ledger.created.size} sessions created`);
      };
      await delay(seconds * 1000);
      report('previous version');

      const present = await startApi({ ...shared, dataDir: join(dir, 'two') });
      apis.push(present);
      balancer.urls = [previous.url, present.url];
      report('started this version');
      await delay(seconds * 1000);
      report('both versions');

      balancer.urls = [present.url];
      const status = await stopProcess(previous.child);
      report('stopped the previous version');
      await delay(seconds * 1000);
      const died = hasExited(present.child);

      const problems = [
        ...(status === 0 ? [] : [`The previous version ended with ${status}: ${previous.output()}`]),
        ...(died ? [`This version ended: ${present.output()}`] : []),
        ...(await traffic.stop()),
        ...(await brokenInvariants(shared.databaseUrl, new Set(ledger.created.values()))),
        ...(await duplicatedCreates(shared.databaseUrl)),
      ];
      report('this version');
      const lost = balancer.exchanges.filter((exchange) => exchange.status === null);
      const unavailable = balancer.exchanges.filter((exchange) => exchange.status === 503);
      console.log(
        [
          `${ledger.created.size} sessions created and ended, ${ledger.performances.size} performed`,
          `${unavailable.length} responses 503 with Retry-After, ${lost.length} requests without a response`,
          ...problems,
          ...(problems.length === 0 ? ['Nothing was lost, and every session was billed exactly.'] : []),
        ].join('\n'),
      );
      return problems.length === 0;
    } finally {
      await Promise.all(apis.map(({ child }) => stopProcess(child)));
      await postgres.stop();
    }
  } finally {
    await run('git', ['worktree', 'remove', '--force', previousRoot], { cwd: ROOT });
    await rm(dir, { recursive: true, force: true });
  }
}
