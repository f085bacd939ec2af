import { parseArgs } from 'node:util';

import { abuses } from './abuse/abuses.ts';
import { measureAbuses } from './abuse/measure-abuses.ts';
import { MAX_RATIO } from './abuse/measures.ts';
import { databaseFaults } from './database-faults.ts';
import { measureDatabaseFaults } from './measure-database-faults.ts';
import { random } from './random.ts';
import { restart } from './restart.ts';
import { soak } from './soak.ts';
import { upgrade } from './upgrade.ts';
import { measureWebhookFaults } from './webhooks/measure-webhook-faults.ts';
import { webhookFaults } from './webhooks/webhook-faults.ts';
import { webhookSoak } from './webhooks/webhook-soak.ts';

const HELP = `Usage: pnpm faults database [--only NAME,…] [--hold SECONDS] [--now]
       pnpm faults soak [--minutes N] [--seed N]
       pnpm faults abuse [--only NAME,…] [--seconds N] [--json]
       pnpm faults restart [--processes N] [--seconds N]
       pnpm faults random [--processes N] [--minutes N] [--seed N]
       pnpm faults upgrade --from REVISION [--seconds N]
       pnpm faults webhooks [--only NAME,…] [--seconds N]
       pnpm faults webhooks --soak MINUTES [--seed N]

database and soak start two API processes, a simulator worker and PostgreSQL behind a proxy, on the loopback interface
and in a temporary directory. They create and end test sessions and make the database fail:

${databaseFaults.map(({ name, meaning }) => `  ${name.padEnd(12)} ${meaning}`).join('\n')}

database  measures each fault across a full minute, when periodic work is due, and prints a table
soak      applies random faults for the given time and checks that nothing is lost

abuse starts the same processes without the proxy. It measures the responses to one organisation with normal load
before, during and after another organisation abuses the service from a separate process. The goals: the p99 grows at
most ${MAX_RATIO} times, no request of the first organisation fails, and the other gets only documented responses.

${abuses.map(({ name, meaning }) => `  ${name.padEnd(17)} ${meaning}`).join('\n')}

restart starts one server with several processes and replaces them three times, while customers and workers use it. It
checks that no connection is refused and that nothing acknowledged is lost.

random uses the same server and load. At random times, it kills one of the processes or restarts all of them.

upgrade builds a previous version in a temporary worktree, without the network, and starts it. It then starts this
version on the same database and stops the previous one, while customers and workers of both modes use both in turn. It
checks that nothing acknowledged is lost and that every session is billed exactly.

webhooks starts two API processes and customers' servers. For each fault, it prints what happened, how many events
arrived at a healthy endpoint of the same organisation and how fast, and the peak memory of a process:

${webhookFaults.map(({ name, meaning }) => `  ${name.padEnd(12)} ${meaning}`).join('\n')}

With --soak, it kills one of the processes at random times while sessions end. In the end, every event must have arrived
at a receiver, and every reader of \`events.stream\` must have seen each event exactly once.

Options:
  --only NAME,…   only these faults or abuses
  --hold SECONDS  duration of a fault (default 10)
  --now           do not wait for the full minute
  --minutes N     duration of soak or random (default 60, or 10)
  --seed N        seed of the random choices (default: random, printed)
  --seconds N     duration of each phase: before, during and after an abuse or an upgrade, between restarts, or during a
                  webhooks fault (default 15)
  --soak MINUTES  duration of the webhooks soak
  --processes N   number of API processes for restart or random (default 2)
  --from REVISION git revision of the previous version
  --json          print the measurements of abuse as JSON
  --help          print this help

Exits with 1 if a process exited, an acknowledged session was lost, an invariant is broken or a goal was missed.`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string', default: '' },
      hold: { type: 'string', default: '10' },
      now: { type: 'boolean', default: false },
      minutes: { type: 'string' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
      seconds: { type: 'string', default: '15' },
      processes: { type: 'string', default: '2' },
      from: { type: 'string' },
      soak: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const command = positionals.join(' ');
  const holdSeconds = Number(values.hold);
  const minutes = Number(values.minutes ?? (command === 'random' ? '10' : '60'));
  const seed = Number(values.seed);
  const seconds = Number(values.seconds);
  const processes = Number(values.processes);
  const only = values.only.split(',').filter((name) => name !== '');
  const log = (line: string): void => {
    console.error(line);
  };
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const run = {
    database: () => measureDatabaseFaults({ holdSeconds, only, acrossMinute: !values.now, log }),
    soak: () => soak({ minutes, seed, log }),
    random: () => random({ processes, minutes, seed, log }),
    abuse: () => measureAbuses({ seconds, only, json: values.json, log }),
    restart: () => restart({ processes, seconds, log }),
    upgrade: () => upgrade({ from: values.from ?? '', seconds, log }),
    webhooks: () =>
      values.soak === undefined
        ? measureWebhookFaults({ only, seconds, log })
        : webhookSoak({ minutes: Number(values.soak), seed, log }),
  };
  const isValid =
    [holdSeconds, minutes, seconds, processes - 1].every((number) => number > 0) &&
    Number.isInteger(seed) &&
    (values.soak === undefined || (command === 'webhooks' && Number(values.soak) > 0)) &&
    (command === 'upgrade') === (values.from !== undefined);
  if (isValid && command in run) return (await run[command as keyof typeof run]()) ? 0 : 1;
  console.error(HELP);
  return 2;
}

process.exitCode = await main();
