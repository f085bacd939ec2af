import { setTimeout as delay } from 'node:timers/promises';

import { databaseFaults } from './database-faults.ts';
import { startFleet, type Fleet } from './fleet.ts';
import { measureFault, type FaultResult } from './measure-fault.ts';
import { formatTable } from './table.ts';

export interface DatabaseFaultOptions {
  /** Duration of each fault, in seconds. */
  holdSeconds: number;
  /** Names of the faults to measure. Empty: all. */
  only: readonly string[];
  /** Whether each fault must span a full minute, when periodic work is due. */
  acrossMinute: boolean;
  /** Called with a line of progress. */
  log: (line: string) => void;
}

/**
 * Measures each database fault with two API processes under load and prints a table. Resolves with false when a process
 * exited, an acknowledged write was lost, an invariant is broken or a process did not recover.
 */
export async function measureDatabaseFaults(options: DatabaseFaultOptions): Promise<boolean> {
  const { holdSeconds, only, acrossMinute, log } = options;
  const results: FaultResult[] = [];
  let fleet: Fleet | null = null;
  try {
    for (const fault of databaseFaults) {
      if (only.length > 0 && !only.includes(fault.name)) continue;
      fleet ??= await startFleet();
      if (acrossMinute) await delay(msUntilBeforeMinute(holdSeconds));
      log(`${fault.name}: ${fault.meaning} …`);
      const result = await measureFault(fleet, fault, holdSeconds * 1000);
      results.push(result);
      if (result.exited === 0 && result.recoveredAfterMs !== null) continue;
      await fleet.stop();
      fleet = null;
    }
  } finally {
    await fleet?.stop();
  }
  const problems = results.flatMap(problemsOf);
  console.log([formatTable(rowsOf(results)), ...problems].join('\n'));
  if (problems.length === 0) console.log('Nothing was lost. Every process is up.');
  return problems.length === 0;
}

function problemsOf({ name, broken, exited, recoveredAfterMs }: FaultResult): string[] {
  return [
    ...broken,
    ...(exited > 0 ? [`${exited} API processes exited`] : []),
    ...(recoveredAfterMs === null ? ['no recovery within 30 s'] : []),
  ].map((problem) => `${name}: ${problem}`);
}

/** Returns the delay after which the middle of the fault, preceded by three seconds of load, is at a full minute. */
function msUntilBeforeMinute(holdSeconds: number): number {
  const leadMs = 3_000 + (holdSeconds * 1000) / 2;
  return (60_000 - ((Date.now() + leadMs) % 60_000)) % 60_000;
}

function rowsOf(results: readonly FaultResult[]): string[][] {
  return [
    ['fault', 'acknowledged', 'wrong', 'unanswered', 'longest ms', '503 s', 'unready ms', 'recovered ms'],
    ...results.map((result) => [
      result.name,
      String(result.acknowledged),
      String(result.wrong),
      String(result.unanswered),
      result.longestMs.toFixed(0),
      result.unavailableSeconds.toFixed(1),
      result.unreadyAfterMs?.toFixed(0) ?? '-',
      result.recoveredAfterMs?.toFixed(0) ?? 'never',
    ]),
  ];
}
