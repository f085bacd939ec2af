import { parseArgs } from 'node:util';

import { benchDispatch } from './dispatch/bench-dispatch.ts';
import { benchList } from './list/bench-list.ts';
import { reportOf } from './list/report.ts';
import { CONNECTIONS, LIMIT, SESSIONS } from './list/scenario.ts';

const LEAST_SECONDS = 15;
/** The slots of one registration. */
const MOST_SESSIONS = 1000;

const HELP = `Usage: pnpm bench list [--seconds N]
       pnpm bench dispatch [--sessions N]

list measures GET /v1/sessions, ${LIMIT} of ${SESSIONS.toLocaleString('en')}, over ${CONNECTIONS} connections. Three servers, each in its own process,
take turns on one embedded PostgreSQL in a temporary directory, so that whatever else the machine does meets all three:

  ours     the server as built, requests and answers enforced
  floor    node:http and the same statement through pg; nothing enforced
  fastify  Fastify with schema serialization over Prisma's findMany; nothing enforced

Prints the median turn of each, and of the ratios within each round the median and the range.

dispatch measures how long a session waits for an idle worker, from the request that creates it to the answer that
hands it out, and then lets one worker perform many simulated sessions at once. It fails where a session is lost, stuck
or billed other than it was performed.

Options:
  --seconds N   how long to measure the list in all, warm-up included (default 60, at least ${LEAST_SECONDS})
  --sessions N  how many sessions are performed at once (default 500, at most 1000)
  --help        this text`;

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
  const what = positionals.join(' ');
  const isValid =
    Number.isInteger(seconds) && seconds >= LEAST_SECONDS && sessions >= 1 && sessions <= MOST_SESSIONS;
  if (!['list', 'dispatch'].includes(what) || !Number.isInteger(sessions) || !isValid) {
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
  if (what === 'list') {
    console.log(reportOf(await benchList({ seconds, signal: stop.signal, say })));
    return 0;
  }
  const { lines, faults } = await benchDispatch({ sessions, signal: stop.signal, say });
  console.log([...lines, ...faults].join('\n'));
  return faults.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error && error.name === 'AbortError' ? 'Stopped.' : error);
  process.exitCode = 1;
}
