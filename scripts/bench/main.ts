import { parseArgs } from 'node:util';

import { benchDispatch } from './dispatch/bench-dispatch.ts';
import { benchList } from './list/bench-list.ts';
import { reportOf } from './list/report.ts';
import { CONNECTIONS, LIMIT, SESSIONS } from './list/scenario.ts';
import { benchProcesses } from './processes/bench-processes.ts';

const MIN_SECONDS = 15;
/** The maximum slots of one worker. */
const MAX_SESSIONS = 1000;

const HELP = `Usage: pnpm bench list [--seconds N]
       pnpm bench dispatch [--sessions N]
       pnpm bench processes [--seconds N]

list measures GET /v1/sessions, ${LIMIT} of ${SESSIONS.toLocaleString('en')}, over ${CONNECTIONS} connections. Three servers in separate processes
take turns on one embedded PostgreSQL in a temporary directory, so that other load on the machine affects all of them:

  ours     the built server, which validates requests and responses
  floor    node:http and the same SQL through pg, without validation
  fastify  Fastify with schema serialization and Prisma's findMany, without validation

Prints the median of each server's turns, and the median and range of the ratios per round.

dispatch measures how long a session waits for an idle worker, from the request that creates it to the response that
assigns it. Then one worker performs many simulated sessions concurrently. Fails when a session is lost, stuck or
billed incorrectly.

processes measures list, and create with end, with 1, 2 and 4 API processes on one port and two workers, and the CPU
time of each program, which shows what is used up first.

Options:
  --seconds N   total duration of list, including warm-up, or of processes (default 60, at least ${MIN_SECONDS})
  --sessions N  number of concurrent sessions (default 500, at most ${MAX_SESSIONS})
  --help        print this help`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '60' },
      sessions: { type: 'string', default: '500' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const seconds = Number(values.seconds);
  const sessions = Number(values.sessions);
  const benchmark = positionals.join(' ');
  const isValid =
    Number.isInteger(seconds) && seconds >= MIN_SECONDS && sessions >= 1 && sessions <= MAX_SESSIONS;
  if (!['list', 'dispatch', 'processes'].includes(benchmark) || !Number.isInteger(sessions) || !isValid) {
    console.error(HELP);
    return 2;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop.abort();
    });
  }
  const log = (line: string): void => {
    console.error(line);
  };
  if (benchmark === 'list') {
    console.log(reportOf(await benchList({ seconds, signal: stop.signal, log })));
    return 0;
  }
  if (benchmark === 'processes') {
    await benchProcesses({ seconds, signal: stop.signal, log });
    return 0;
  }
  const { lines, problems } = await benchDispatch({ sessions, signal: stop.signal, log });
  console.log([...lines, ...problems].join('\n'));
  return problems.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error && error.name === 'AbortError' ? 'Stopped.' : error);
  process.exitCode = 1;
}
