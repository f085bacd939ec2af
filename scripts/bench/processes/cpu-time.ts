import { readFileSync } from 'node:fs';

import { runningProcesses } from '../../running-processes.mjs';

/** The unit of times in /proc, which is the same on every Linux. */
const TICKS_PER_SECOND = 100;
/** The fields of /proc/PID/stat after the name: the times in user and in kernel mode. */
const [UTIME, STIME] = [11, 12];

/** Returns the CPU time that processes have used, in seconds. One that has exited counts as 0. Linux only. */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
}

function cpuSecondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[UTIME]) + Number(fields[STIME])) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

/** Returns the ids of the children of a process. */
export function childrenOf(pid: number): number[] {
  return [...runningProcesses()].filter(([, { parent }]) => parent === pid).map(([child]) => child);
}
