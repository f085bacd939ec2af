import { parseArgs } from 'node:util';

import { faultsOfAbuse } from './abuse/measure-abuses.ts';
import { abuses } from './abuse/abuses.ts';
import { MAX_RATIO } from './abuse/measures.ts';
import { faultsOfDatabase } from './measure-database-faults.ts';
import { databaseFaults } from './database-faults.ts';
import { soak } from './soak.ts';

const HELP = `Usage: pnpm faults database [--only NAME,…] [--hold SECONDS] [--now]
       pnpm faults soak [--minutes N] [--seed N]
       pnpm faults abuse [--only NAME,…] [--seconds N] [--json]

database and soak start two API processes, a simulator worker and PostgreSQL behind a proxy, all on loopback and in a temporary
directory, keeps creating and ending test sessions, and makes the database fail:

${databaseFaults.map(({ name, meaning }) => `  ${name.padEnd(12)} ${meaning}`).join('\n')}

database  tries each fault across a full minute, when periodic work is due, and prints a table
soak      applies faults in a random order for as long as asked and checks that nothing was lost

abuse starts the same and measures the responses to one organisation, with an ordinary load, before, during and after
another one abuses the service from a separate process. The aims: the p99 grows at most ${MAX_RATIO} times, no request of the
first organisation fails, and the other one gets successes and refusals of the contract only.

${abuses.map(({ name, meaning }) => `  ${name.padEnd(17)} ${meaning}`).join('\n')}

Options:
  --only NAME,…   only these faults, or abuses
  --hold SECONDS  how long a fault lasts (default 10)
  --now           do not wait for the full minute
  --minutes N     how long to soak (default 60)
  --seed N        order and lengths of the faults of a soak (default: random, printed)
  --seconds N     how long to measure before, during and after an abuse (default 15)
  --json          print the measures of abuses as JSON
  --help          this text

The exit code is 1 when a process exited, an acknowledged session was lost, an invariant does not hold or an abuse made
the service miss an aim.`;

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
  const say = (line: string): void => {
    console.error(line);
  };
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (positionals.join(' ') === 'database' && holdSeconds !== undefined && holdSeconds > 0) {
    return (await faultsOfDatabase({ holdSeconds, only, acrossMinute: !values.now, say })) ? 0 : 1;
  }
  if (positionals.join(' ') === 'soak' && minutes !== undefined && minutes > 0 && seed !== undefined) {
    return (await soak({ minutes, seed, say })) ? 0 : 1;
  }
  if (positionals.join(' ') === 'abuse' && seconds !== undefined && seconds > 0) {
    return (await faultsOfAbuse({ seconds, only, json: values.json, say })) ? 0 : 1;
  }
  console.error(HELP);
  return 2;
}

process.exitCode = await main();
