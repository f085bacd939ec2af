import { setMaxListeners } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';

import { parseArguments, UsageError } from './arguments.ts';
import { benchmarks } from './benchmarks.ts';

const NAMES = Object.fromEntries(Object.entries(benchmarks).map(([name, { options }]) => [name, options]));

/** The maximum number of problems to print. */
const MAX_PROBLEMS = 20;

const HELP = `Usage: pnpm bench NAME [OPTION …]

${Object.entries(benchmarks).map(describe).join('\n')}

Where servers are compared, they take turns in rounds on one embedded PostgreSQL in a temporary directory, so that other
load on the machine affects all of them. Prints the median of each server's turns, and the median and range of the ratios
per round:

  ours   the built server, with everything enforced
  floor  node:http and pg with the statements and responses that were recorded from our server, and nothing else
  peer   Fastify with schema serialization and Prisma, reading and writing the same rows, without other checks

Options:
  --rounds N     rounds of turns
  --sessions N   concurrent sessions
  --requests N   requests in total
  --history N    sessions in the larger database
  --json FILE    also write the measurements to a file
  --help         print this help`;

function describe([name, { summary, aim, options }]: [string, (typeof benchmarks)[string]]): string {
  const flags = options.map((option) => `--${option}`).join(', ');
  return `  ${name.padEnd(10)} ${summary}\n             aim: ${aim}\n             options: ${flags}`;
}

async function main(): Promise<number> {
  const { name, help, json, numbers } = parseArguments(process.argv.slice(2), NAMES);
  const benchmark = name === null ? undefined : benchmarks[name];
  if (help || benchmark === undefined) {
    console.log(HELP);
    return 0;
  }
  const stop = new AbortController();
  // Many requests listen at once.
  setMaxListeners(0, stop.signal);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop.abort();
    });
  }
  const log = (line: string): void => {
    console.error(line);
  };
  const { lines, data, problems } = await benchmark.run({ signal: stop.signal, log }, numbers);
  const more = problems.length - MAX_PROBLEMS;
  console.log([...lines, ...problems.slice(0, MAX_PROBLEMS)].join('\n'));
  if (more > 0) console.log(`and ${more} more problems; --json writes all of them`);
  if (json !== null) {
    const machine = { node: process.version, cpus: availableParallelism() };
    const result = { benchmark: name, at: new Date().toISOString(), machine, measurements: data, problems };
    await writeFile(json, `${JSON.stringify(result, null, 2)}\n`);
  }
  return problems.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof UsageError) {
    console.error(`${error.message}\n\n${HELP}`);
    process.exitCode = 2;
  } else {
    console.error(error instanceof Error && error.name === 'AbortError' ? 'Stopped.' : error);
    process.exitCode = 1;
  }
}
