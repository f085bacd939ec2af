import { parseArgs } from 'node:util';

/** The numbers that options set, with their ranges. */
const NUMBERS = {
  rounds: { min: 1, max: 1_000 },
  sessions: { min: 1, max: 100_000 },
  requests: { min: 1_000, max: 100_000_000 },
  history: { min: 10_000, max: 1_000_000_000 },
} as const;

/** The name of an option with a number. */
export type NumberOption = keyof typeof NUMBERS;

export interface BenchArguments {
  /** Null lists the benchmarks. */
  name: string | null;
  help: boolean;
  /** The file of the measurements as JSON; null writes none. */
  json: string | null;
  /** The given options. */
  numbers: Partial<Record<NumberOption, number>>;
}

/** Arguments that are not valid. The message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Parses the arguments of the command.
 *
 * @param names of the benchmarks, each with the options that it takes
 * @throws {UsageError} for an unknown name or option, or a number out of range
 */
export function parseArguments(
  argv: readonly string[],
  names: Readonly<Record<string, readonly NumberOption[]>>,
): BenchArguments {
  const { values, positionals } = parsed(argv);
  const [name = null, ...surplus] = positionals;
  const accepted = name === null ? [] : names[name];
  if (accepted === undefined) throw new UsageError(`There is no benchmark "${String(name)}".`);
  if (surplus.length > 0) throw new UsageError('Name one benchmark.');
  const numbers: BenchArguments['numbers'] = {};
  for (const option of Object.keys(NUMBERS) as NumberOption[]) {
    const text = values[option];
    if (text === undefined) continue;
    if (!accepted.includes(option)) throw new UsageError(`"${String(name)}" has no option --${option}.`);
    numbers[option] = numberOf(option, text);
  }
  return { name, help: values.help ?? false, json: values.json ?? null, numbers };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        sessions: { type: 'string' },
        requests: { type: 'string' },
        history: { type: 'string' },
        json: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function numberOf(option: NumberOption, text: string): number {
  const { min, max } = NUMBERS[option];
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError(`--${option} must be an integer from ${min} to ${max}.`);
}
