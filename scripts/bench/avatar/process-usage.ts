import { readFile } from 'node:fs/promises';

import { childrenOf, cpuSeconds } from '../processes/cpu-time.ts';

export interface Usage {
  cpuSeconds: number;
  /** Proportional set size: shared memory is divided among its processes. */
  pssMib: number;
  rssMib: number;
}

const KIB_PER_MIB = 1024;

/** Returns the usage of a process and its children. Linux only. */
export async function usageOf(pid: number): Promise<Usage> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mib = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0) / KIB_PER_MIB;
  return { cpuSeconds: cpuSeconds([pid, ...childrenOf(pid)]), pssMib: mib('Pss'), rssMib: mib('Rss') };
}
