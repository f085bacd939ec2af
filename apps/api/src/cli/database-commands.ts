import { distribute, ensurePlatform, finishUpgrade, migrate, openDatabase } from '@greenroom/database';
import type { Command } from 'commander';

import { readConfig } from '../common/config.ts';
import { CommandError } from './command-error.ts';
import { currentInvocation } from './invocation.ts';
import { isJson, printObject } from './output.ts';

type Log = (message: string) => void;

interface DatabaseCommand {
  name: string;
  description: string;
  run: (url: string, log: Log) => Promise<void>;
}

const COMMANDS: readonly DatabaseCommand[] = [
  {
    name: 'migrate',
    description:
      'Create or update the tables, the plans and the stock avatars, as a starting server does. Safe while servers of ' +
      'the previous version run.',
    run: migrateAndSeed,
  },
  {
    name: 'finish-upgrade',
    description:
      'Remove what a migration left for servers of the previous version. Run it when the last one has stopped: ' +
      'until then, every report of a worker costs more.',
    run: (url, log) => finishUpgrade(url, { log }),
  },
  {
    name: 'distribute',
    description:
      'Migrate the database of a Citus coordinator, and distribute its tables over the nodes. Run it before the first ' +
      'start, and after every upgrade.',
    run: (url, log) => distribute(url, { log }),
  },
];

/** Adds `database`, the commands that prepare the database of DATABASE_URL. */
export function addDatabaseCommands(program: Command): void {
  const database = program.command('database').description('Prepare the database of DATABASE_URL.');
  for (const { name, description, run } of COMMANDS) {
    database
      .command(name)
      .description(description)
      .addHelpText('after', `\nExample:\n  greenroom database ${name}`)
      .action(async (_options: object, command: Command) => {
        const { databaseUrl } = readConfig(currentInvocation().env);
        if (databaseUrl === null) {
          throw new CommandError('DATABASE_URL is not set. Set it to the database to prepare.');
        }
        const messages: string[] = [];
        await run(databaseUrl, (message) => {
          if (isJson(command)) messages.push(message);
          else currentInvocation().print(message);
        });
        if (isJson(command)) printObject(command, { messages });
      });
  }
}

async function migrateAndSeed(url: string, log: Log): Promise<void> {
  await migrate(url, { log });
  const database = openDatabase(url, { poolSize: 2, applicationName: 'greenroom-operator' });
  try {
    await ensurePlatform(database);
  } finally {
    await database.close();
  }
  log('The database is ready.');
}
