import { parseArgs } from 'node:util';

import { abuses } from './abuse/abuses.ts';
import { measureAbuses } from './abuse/measure-abuses.ts';
import { MAX_RATIO } from './abuse/measures.ts';
import { databaseFaults } from './database-faults.ts';
import { measureDatabaseFaults } from './measure-database-faults.ts';
import { restart } from './restart.ts';
import { soak } from './soak.ts';
import { upgrade } from './upgrade.ts';

const HELP = `Usage: pnpm faults database [--only NAME,…] [--hold SECONDS] [--now]
       pnpm faults soak [--minutes N] [--seed N]
       pnpm faults abuse [--only NAME,…] [--seconds N] [--json]
       pnpm faults restart [--processes N] [--seconds N]
       pnpm faults upgrade --from REVISION [--seconds N]

database and soak start two API processes, a simulator worker and PostgreSQL behind a proxy, on the loopback interface
and in a temporary directory. They create and end test sessions and make the database fail:

${databaseFaults.map(({ name, meaning }) => `  ${name.padEnd(12)} ${meaning}`).join('\n')}

database  measures each fault across a full minute, when periodic work is due, and prints a table
soak      applies random faults for the given time and checks that nothing was lost

abuse starts the same processes without the proxy. It measures the responses to one organisation with normal load
before, during and after another organisation abuses the service from a separate process. The goals: the p99 grows at
most ${MAX_RATIO} times, no request of the first organisation fails, and the other one gets documented responses only.

${abuses.map(({ name, meaning }) => `  ${name.padEnd(17)} ${meaning}`).join('\n')}

restart starts one server with several processes and replaces them three times, while customers and workers use it. It
checks that no connection was refused and that nothing acknowledged was lost.

upgrade builds a previous version in a temporary worktree, without the network, and starts it. It then starts this
version on the same database and stops the previous one, while customers and workers of both modes use both in turn. It
checks that nothing acknowledged was lost and that every session was billed exactly.

Options:
  --only NAME,…   only these faults or abuses
  --hold SECONDS  duration of a fault (default 10)
  --now           do not wait for the full minute
  --minutes N     duration of the soak (default 60)
  --seed N        seed of the soak's random faults (default: random, printed)
  --seconds N     duration of each phase: before, during and after an abuse or an upgrade, or between restarts
                  (default 15)
  --processes N   number of processes to restart (default 2)
  --from REVISION git revision of the previous version
  --json          print the measurements of the abuses as JSON
  --help          print this help

Exits with 1 when a process exited, an acknowledged session was lost, an invariant is broken or a goal was missed.`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string', default: '' },
      hold: { type: 'string', default: '10' },
      now: { type: 'boolean', default: false },
      minutes: { type: 'string', default: '60' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
      seconds: { type: 'string', default: '15' },
      processes: { type: 'string', default: '2' },
      from: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [holdSeconds, minutes, seed, seconds] = [
    values.hold,
    values.minutes,
    values.seed,
    values.seconds,
  ].map(Number);
  const only = values.only.split(',').filter((name) => name !== '');
  const log = (line: string): void => {
    console.error(line);
  };
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (positionals.join(' ') === 'database' && holdSeconds !== undefined && holdSeconds > 0) {
    return (await measureDatabaseFaults({ holdSeconds, only, acrossMinute: !values.now, log })) ? 0 : 1;
  }
  if (positionals.join(' ') === 'soak' && minutes !== undefined && minutes > 0 && seed !== undefined) {
    return (await soak({ minutes, seed, log })) ? 0 : 1;
  }
  if (positionals.join(' ') === 'abuse' && seconds !== undefined && seconds > 0) {
    return (await measureAbuses({ seconds, only, json: values.json, log })) ? 0 : 1;
  }
  const processes = Number(values.processes);
  if (positionals.join(' ') === 'restart' && processes > 1 && seconds !== undefined && seconds > 0) {
    return (await restart({ processes, seconds, log })) ? 0 : 1;
  }
  const { from } = values;
  if (positionals.join(' ') === 'upgrade' && from !== undefined && seconds !== undefined && seconds > 0) {
    return (await upgrade({ from, seconds, log })) ? 0 : 1;
  }
  console.error(HELP);
  return 2;
}

process.exitCode = await main();
