import { setTimeout as delay } from 'node:timers/promises';

import { runningProcesses } from '../running-processes.mjs';
import { randomGenerator } from './random-generator.ts';
import { killProcess, replaceProcesses, runUnderTraffic } from './server-under-traffic.ts';

export interface RandomOptions {
  processes: number;
  minutes: number;
  /** Seed of the sessions' lifetimes and of the kills. */
  seed: number;
  /** Called with a line of progress. */
  log: (line: string) => void;
}

const MAX_PAUSE_MS = 15_000;
/** The part of the disturbances that are rolling restarts. The others are kills. */
const RESTART_PART = 0.2;

/**
 * Kills API processes of one server at random times, and restarts it, under random load. Resolves with false when
 * something went wrong.
 */
export function random({ processes, minutes, seed, log }: RandomOptions): Promise<boolean> {
  const next = randomGenerator(seed);
  return runUnderTraffic({
    processes,
    random: randomGenerator(seed + 1),
    async disturb({ api, traffic }) {
      const endsAtMs = performance.now() + minutes * 60_000;
      const counts = { kills: 0, restarts: 0 };
      for (;;) {
        await delay(next() * MAX_PAUSE_MS);
        if (performance.now() > endsAtMs) break;
        if (next() < RESTART_PART) {
          await replaceProcesses(api);
          counts.restarts += 1;
        } else {
          const pids = childrenOf(api.child.pid);
          await killProcess(api, pids[Math.floor(next() * pids.length)] ?? 0);
          counts.kills += 1;
        }
        log(`${counts.kills} kills, ${counts.restarts} restarts, ${traffic.ledger.created.size} sessions`);
      }
      return [`seed ${seed}: ${counts.kills} kills and ${counts.restarts} restarts in ${minutes} minutes`];
    },
  });
}

function childrenOf(pid: number | undefined): number[] {
  return [...runningProcesses()].filter(([, { parent }]) => parent === pid).map(([child]) => child);
}
