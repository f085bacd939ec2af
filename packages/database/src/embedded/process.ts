import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Whether a process has this id now; it may be another one than the id was once noted for. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The command line of a process, `''` for one that has ended, undefined where it cannot be told. */
export function commandLine(pid: number): string | undefined {
  if (process.platform === 'win32') return undefined;
  if (process.platform === 'linux') {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EACCES' ? undefined : '';
    }
  }
  const { stdout, error } = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  return error ? undefined : stdout;
}
