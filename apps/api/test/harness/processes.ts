import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Processes that have this text on their command line, such as a PostgreSQL server its data directory. */
export async function processesNaming(text: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid,args']);
  return stdout.split('\n').filter((line) => line.includes(text));
}
