import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import type { Program } from './programs.ts';

/** Returns the command lines that contain a text, such as the data directory of a PostgreSQL server. */
export async function processesNaming(text: string): Promise<string[]> {
  const commands = process.platform === 'linux' ? await commandsFromProc() : await commandsFromPs();
  return commands.filter((command) => command.includes(text));
}

/** Returns the ids of the API processes that a primary process has started. */
export async function membersOf({ process: primary }: Program): Promise<number[]> {
  return childrenNaming('group-member', primary.pid);
}

/** Returns the ids of the processes that a process has started and whose command line contains a text. */
export async function childrenNaming(text: string, parentPid: number | undefined): Promise<number[]> {
  const found = await processesNaming(text);
  const { stdout } = await promisify(execFile)('sh', ['-c', 'cat /proc/[0-9]*/stat 2>/dev/null; true']);
  const children = new Set(
    Array.from(stdout.matchAll(/^(\d+) \(.*\) \S (\d+) /gm), ([, pid, parent]) =>
      Number(parent) === parentPid ? Number(pid) : 0,
    ),
  );
  return found.map((command) => Number.parseInt(command, 10)).filter((pid) => children.has(pid));
}

async function commandsFromProc(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return Promise.all(
    pids.map(async (pid) => {
      // A process may have ended in the meantime.
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return `${pid} ${command.replaceAll('\0', ' ')}`;
    }),
  );
}

async function commandsFromPs(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid,args']);
  return stdout.split('\n');
}
