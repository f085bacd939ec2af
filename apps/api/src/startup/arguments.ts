import { parseArgs } from 'node:util';

export interface Arguments {
  /** The number of API processes on this machine. */
  processes: number;
}

const MAX_PROCESSES = 64;

/**
 * Reads the arguments of `start`.
 *
 * @throws {Error} with one line for an operator
 */
export function readArguments(args: readonly string[]): Arguments {
  // pnpm passes the `--` of `pnpm start -- --processes 2` on.
  const given = args[0] === '--' ? args.slice(1) : [...args];
  const options = { processes: { type: 'string', default: '1' } } as const;
  let text: string;
  try {
    text = parseArgs({ args: given, options }).values.processes;
  } catch {
    throw new Error('The only option is --processes N. All other settings are environment variables.');
  }
  const processes = Number(text);
  if (!/^\d+$/.test(text) || processes < 1 || processes > MAX_PROCESSES) {
    throw new Error(`--processes must be an integer from 1 to ${MAX_PROCESSES}.`);
  }
  return { processes };
}
