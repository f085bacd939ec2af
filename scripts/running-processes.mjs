/** Lists the processes of this machine: from `/proc` on Linux, where `ps` may be missing, elsewhere from `ps`. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * Returns the running processes by their id. Empty when they cannot be listed.
 *
 * @returns {Map<number, { parent: number, command: string }>}
 */
export function runningProcesses() {
  return process.platform === 'linux' ? fromProc() : fromPs();
}

function fromProc() {
  const processes = new Map();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      // The second field is the program's name in brackets, and may contain brackets and spaces.
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trimEnd();
      processes.set(pid, { parent: Number(parent), command });
    } catch {
      // The process has exited, or is hidden from this user.
    }
  }
  return processes;
}

function fromPs() {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const lines = [...(stdout ?? '').matchAll(/^ *(\d+) +(\d+) +(.*)$/gm)];
  return new Map(lines.map(([, pid, parent, command]) => [Number(pid), { parent: Number(parent), command }]));
}
