import { setTimeout as sleep } from 'node:timers/promises';

import { databaseFaults } from './database-faults.ts';
import { exitedProcesses, startFleet } from './fleet.ts';
import { brokenInvariants } from './invariants.ts';
import { startLoad } from './load.ts';

export interface SoakOptions {
  minutes: number;
  /** Of the order and the lengths of the faults. */
  seed: number;
  say: (line: string) => void;
}

const MAX_HOLD_MS = 8_000;
const MAX_PAUSE_MS = 12_000;
const SETTLE_MS = 20_000;

/**
 * Applies faults in a random order, for random times, to two API processes under load. Returns false when a process
 * exited or, after the last fault, an acknowledged write is lost or an invariant is broken.
 */
export async function soak({ minutes, seed, say }: SoakOptions): Promise<boolean> {
  const random = generator(seed);
  const fleet = await startFleet();
  try {
    const load = startLoad(fleet);
    const endsAtMs = performance.now() + minutes * 60_000;
    let count = 0;
    while (performance.now() < endsAtMs && exitedProcesses(fleet).length === 0) {
      const fault = databaseFaults[Math.floor(random() * databaseFaults.length)];
      if (fault === undefined) continue;
      const endFault = await fault.begin(fleet);
      await sleep(random() * MAX_HOLD_MS);
      await endFault();
      await sleep(random() * MAX_PAUSE_MS);
      count += 1;
      if (count % 20 === 0) say(`${count} faults, ${load.acknowledged.size} sessions created`);
    }
    await sleep(SETTLE_MS);
    await load.stop();
    const exited = exitedProcesses(fleet);
    const broken = await brokenInvariants(fleet.databaseUrl, load.acknowledged);
    const wrong = load.samples.filter(
      ({ status }) => status !== null && status >= 500 && status !== 503,
    ).length;
    console.log(
      [
        `seed ${seed}: ${count} faults in ${minutes} minutes`,
        `${load.acknowledged.size} sessions acknowledged, ${wrong} responses of 5xx other than 503`,
        `${fleet.apis.length - exited.length} of ${fleet.apis.length} API processes up`,
        ...broken,
      ].join('\n'),
    );
    return exited.length === 0 && broken.length === 0;
  } finally {
    await fleet.stop();
  }
}

/** A linear congruential generator (Numerical Recipes' constants): the same faults for the same seed. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
