import { setTimeout as delay } from 'node:timers/promises';

import { brokenInvariants } from '@greenroom/api/testing/invariants';

import { databaseFaults } from './database-faults.ts';
import { exitedProcesses, startFleet } from './fleet.ts';
import { startLoad } from './load.ts';
import { randomGenerator } from './random-generator.ts';

export interface SoakOptions {
  minutes: number;
  /** Seed of the order and durations of the faults. */
  seed: number;
  /** Called with a line of progress. */
  log: (line: string) => void;
}

const MAX_HOLD_MS = 8_000;
const MAX_PAUSE_MS = 12_000;
const SETTLE_MS = 20_000;

/**
 * Applies random faults of random durations to two API processes under load. Resolves with false when a process exited
 * or, after the last fault, an acknowledged write is lost or an invariant is broken.
 */
export async function soak({ minutes, seed, log }: SoakOptions): Promise<boolean> {
  const random = randomGenerator(seed);
  const fleet = await startFleet();
  try {
    const load = startLoad(fleet);
    const endsAtMs = performance.now() + minutes * 60_000;
    let count = 0;
    while (performance.now() < endsAtMs && exitedProcesses(fleet).length === 0) {
      const fault = databaseFaults[Math.floor(random() * databaseFaults.length)];
      if (fault === undefined) continue;
      const endFault = await fault.start(fleet);
      await delay(random() * MAX_HOLD_MS);
      await endFault();
      await delay(random() * MAX_PAUSE_MS);
      count += 1;
      if (count % 20 === 0) log(`${count} faults, ${load.acknowledged.size} sessions created`);
    }
    await delay(SETTLE_MS);
    await load.stop();
    const exited = exitedProcesses(fleet);
    const broken = await brokenInvariants(fleet.databaseUrl, load.acknowledged);
    const wrong = load.samples.filter(({ status }) => status !== null && status >= 500 && status !== 503);
    console.log(
      [
        `seed ${seed}: ${count} faults in ${minutes} minutes`,
        `${load.acknowledged.size} sessions acknowledged, ${wrong.length} responses with a 5xx status other than 503`,
        `${fleet.apis.length - exited.length} of ${fleet.apis.length} API processes up`,
        ...wrong.map(({ operation, status, body }) => `${operation}: ${status} ${body}`),
        ...broken,
      ].join('\n'),
    );
    return exited.length === 0 && broken.length === 0;
  } finally {
    await fleet.stop();
  }
}
