import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import { buildApps } from '../../build-apps.mjs';
import { API_MAIN } from '../../built-programs.ts';
import { isServing, startServerProcess } from '../../server-process.ts';
import type { BenchmarkOptions, BenchmarkResult } from '../benchmark.ts';
import { createDatabase } from '../create-database.ts';
import { PRODUCTION } from '../measured-api.ts';
import { spreadOf } from '../statistics.ts';
import { withPostgres } from '../with-postgres.ts';

export interface StartOptions extends BenchmarkOptions {
  rounds: number;
}

interface Start {
  args: readonly string[];
  databaseUrl: string;
  dataDir: string;
}

const POLL_MS = 5;
/** A folder from which imports resolve to the packages of the scripts. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));

/**
 * Measures the time from the start of a process to its first response that needed the database, with an existing
 * PostgreSQL: ours on an empty database, which it migrates, and on a migrated one; the floor and the peer on the latter.
 */
export async function benchStart({ rounds, signal, log }: StartOptions): Promise<BenchmarkResult> {
  await buildApps('api');
  return withPostgres(async ({ databaseUrl: serverUrl, dataDir: root }) => {
    await mkdir(CACHE, { recursive: true });
    const built = await mkdtemp(join(CACHE, 'bench-'));
    try {
      await build({
        entryPoints: ['floor', 'peer'].map((name) =>
          fileURLToPath(new URL(`servers/${name}.ts`, import.meta.url)),
        ),
        ...{ outdir: built, outExtension: { '.js': '.mjs' } },
        ...{ bundle: true, packages: 'external', platform: 'node', format: 'esm' },
      });
      const place = async (name: string): Promise<Omit<Start, 'args'>> => {
        const dataDir = join(root, name);
        await mkdir(dataDir, { mode: 0o700 });
        return { databaseUrl: await createDatabase(serverUrl, name), dataDir };
      };
      const ours = ['--enable-source-maps', API_MAIN];
      const migrated = await place('migrated');
      await durationOf({ args: ours, ...migrated }, signal);
      const durations = new Map<string, number[]>();
      // The warm-up is an additional round that does not count.
      for (let round = 0; round <= rounds; round += 1) {
        log(round === 0 ? 'Warming up …' : `Round ${round} of ${rounds} …`);
        const starts: Record<string, Start> = {
          'ours, empty': { args: ours, ...(await place(`empty-${round}`)) },
          ours: { args: ours, ...migrated },
          floor: { args: [join(built, 'floor.mjs')], ...migrated },
          peer: { args: [join(built, 'peer.mjs')], ...migrated },
        };
        for (const [name, start] of Object.entries(starts)) {
          const ms = await durationOf(start, signal);
          if (round > 0) durations.set(name, [...(durations.get(name) ?? []), ms]);
        }
      }
      return { lines: table(durations), data: Object.fromEntries(durations), problems: [] };
    } finally {
      await rm(built, { recursive: true, force: true });
    }
  });
}

/** Resolves with the milliseconds until a server has responded. */
async function durationOf({ args, databaseUrl, dataDir }: Start, signal: AbortSignal): Promise<number> {
  const startedAtMs = performance.now();
  const server = await startServerProcess({
    name: args.join(' '),
    args,
    env: {
      ...PRODUCTION,
      DATABASE_URL: databaseUrl,
      GREENROOM_DATA_DIR: dataDir,
      GREENROOM_DEV_ORG: 'true',
    },
    isReady: (url) => isServing(`${url}/readyz`),
    pollMs: POLL_MS,
    signal,
  });
  const durationMs = performance.now() - startedAtMs;
  await server.stop();
  return durationMs;
}

function table(durations: ReadonlyMap<string, readonly number[]>): string[] {
  return [
    'start           to first response',
    ...Array.from(durations, ([name, each]) => {
      const { median, min, max } = spreadOf(each);
      return `${name.padEnd(14)} ${median.toFixed(0).padStart(7)} ms  (${min.toFixed(0)} to ${max.toFixed(0)})`;
    }),
  ];
}
