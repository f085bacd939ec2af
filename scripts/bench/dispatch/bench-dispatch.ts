import { buildApps } from '../../build-apps.mjs';
import { readDevKeys } from '../../built-programs.ts';
import type { BenchmarkOptions, BenchmarkResult } from '../benchmark.ts';
import { durationRow } from '../duration-row.ts';
import { startMeasuredApi } from '../measured-api.ts';
import { durationsOf } from '../statistics.ts';
import { withPostgres } from '../with-postgres.ts';
import { measureClaims, type ClaimTimes } from './measure-claims.ts';

export const CREATORS = 16;
export const MAX_P99_MS = 50;
/** Creates by a single creator, then by all of them. */
const CREATES = { one: 300, many: 2_000 };

/** Measures how long sessions wait for workers that are waiting for them. */
export async function benchDispatch({ signal, log }: BenchmarkOptions): Promise<BenchmarkResult> {
  await buildApps('api');
  return withPostgres(async (postgres) => {
    const server = await startMeasuredApi({ ...postgres, signal });
    try {
      const { test: customer, worker } = await readDevKeys(postgres.dataDir);
      const keys = { customer, worker };
      const measure = (creators: number, creates: number) => {
        log(`Creating sessions by ${creators} …`);
        return measureClaims({ url: server.url, keys, creators, creates, signal });
      };
      const idle = await measure(1, CREATES.one);
      const busy = await measure(CREATORS, CREATES.many);
      const { p99Ms } = durationsOf(busy.sinceCreatedMs);
      const verdict = p99Ms < MAX_P99_MS ? 'met' : 'not met';
      return {
        lines: [
          ...rows('1 creator', idle),
          ...rows(`${CREATORS} creators`, busy),
          `aim: created to claimed by ${CREATORS} creators, p99 below ${MAX_P99_MS} ms, ${verdict}`,
        ],
        data: { one: summary(idle), many: summary(busy) },
        problems: [],
      };
    } finally {
      await server.stop();
    }
  });
}

function rows(name: string, { sinceRequestedMs, sinceCreatedMs }: ClaimTimes): string[] {
  return [
    durationRow(`${name}: requested to claimed`, durationsOf(sinceRequestedMs)),
    durationRow(`${name}: created to claimed`, durationsOf(sinceCreatedMs)),
  ];
}

function summary({ sinceRequestedMs, sinceCreatedMs }: ClaimTimes) {
  return { sinceRequested: durationsOf(sinceRequestedMs), sinceCreated: durationsOf(sinceCreatedMs) };
}
