import { setTimeout as delay } from 'node:timers/promises';

import { replaceProcesses, runUnderTraffic } from './server-under-traffic.ts';

export interface RestartOptions {
  processes: number;
  /** The time before and after each rolling restart. */
  seconds: number;
  /** Called with a line of progress. */
  log: (line: string) => void;
}

const RESTARTS = 3;

/** Replaces the processes of one server several times under load. Resolves with false when something went wrong. */
export function restart({ processes, seconds, log }: RestartOptions): Promise<boolean> {
  return runUnderTraffic({
    processes,
    async disturb({ api, traffic }) {
      for (let count = 1; count <= RESTARTS; count += 1) {
        await delay(seconds * 1000);
        const startedAtMs = performance.now();
        await replaceProcesses(api);
        const tookSeconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
        log(`restart ${count}: ${tookSeconds} s, ${traffic.ledger.created.size} sessions created`);
      }
      await delay(seconds * 1000);
      return [`${RESTARTS} rolling restarts of ${processes} processes`];
    },
  });
}
