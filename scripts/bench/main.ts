import { parseArgs } from 'node:util';

import { benchList } from './list/bench-list.ts';
import { reportOf } from './list/report.ts';
import { CONNECTIONS, LIMIT, SESSIONS } from './list/scenario.ts';

const LEAST_SECONDS = 15;

const HELP = `Usage: pnpm bench list [--seconds N]

Measures GET /v1/sessions, ${LIMIT} of ${SESSIONS.toLocaleString('en')}, over ${CONNECTIONS} connections. Three servers, each in its own process, take
turns on one embedded PostgreSQL in a temporary directory, so that whatever else the machine does meets all three:

  ours     the server as built, requests and answers enforced
  floor    node:http and the same statement through pg; nothing enforced
  fastify  Fastify with schema serialization over Prisma's findMany; nothing enforced

Prints the median turn of each, and of the ratios within each round the median and the range.

Options:
  --seconds N  how long to measure in all, warm-up included (default 60, at least ${LEAST_SECONDS})
  --help       this text`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seconds: { type: 'string', default: '60' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const seconds = Number(values.seconds);
  if (positionals.join(' ') !== 'list' || !Number.isInteger(seconds) || seconds < LEAST_SECONDS) {
    console.error(HELP);
    return 2;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop.abort();
    });
  }
  const say = (line: string): void => {
    console.error(line);
  };
  console.log(reportOf(await benchList({ seconds, signal: stop.signal, say })));
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error && error.name === 'AbortError' ? 'Stopped.' : error);
  process.exitCode = 1;
}
