import { distribute } from '@greenroom/database';

import { ConfigError, readConfig } from '../common/config.ts';
import { errorLine } from '../startup/error-line.ts';
import { ignoreEpipe } from '../startup/ignore-epipe.ts';

const HELP = `Prepares the server's database.

  database distribute

Migrates the database, and distributes its tables over the nodes of its Citus cluster. Run it once before the first start,
and after every upgrade. Uses DATABASE_URL like start: the database on the coordinator.`;

async function main(args: readonly string[]): Promise<void> {
  const [command, ...rest] = args;
  if (command === undefined || args.includes('--help')) {
    console.log(HELP);
    return;
  }
  if (command !== 'distribute' || rest.length > 0) {
    throw new Error(`Unknown command \`${args.join(' ')}\`. Usage: database distribute.`);
  }
  const { databaseUrl } = readConfig(process.env);
  if (databaseUrl === null) {
    throw new Error(
      'DATABASE_URL is not set. Set it to the database on the coordinator of the Citus cluster.',
    );
  }
  await distribute(databaseUrl, { log: (message) => console.log(message) });
}

ignoreEpipe();
try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(
    error instanceof ConfigError
      ? `The environment is not valid:\n${error.message}`
      : `The command failed: ${errorLine(error)}`,
  );
  process.exitCode = 1;
}
