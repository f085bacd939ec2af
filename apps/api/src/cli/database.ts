import { distribute, finishUpgrade } from '@greenroom/database';

import { ConfigError, readConfig } from '../common/config.ts';
import { errorLine } from '../startup/error-line.ts';
import { ignoreEpipe } from '../startup/ignore-epipe.ts';

const HELP = `Prepares the server's database.

  database finish-upgrade
  database distribute

finish-upgrade: removes what a migration left in the database for processes of the previous version. Run it when the last
of them has stopped. Until then, every report of a worker costs more.

distribute: migrates the database, and distributes its tables over the nodes of its Citus cluster. Run it once before the
first start, and after every upgrade.

Both use DATABASE_URL like start; on a Citus cluster, it is the database on the coordinator.`;

const log = (message: string) => {
  console.log(message);
};

const COMMANDS: ReadonlyMap<string, (databaseUrl: string) => Promise<void>> = new Map([
  ['finish-upgrade', (databaseUrl) => finishUpgrade(databaseUrl, { log })],
  ['distribute', (databaseUrl) => distribute(databaseUrl, { log })],
]);

async function main(args: readonly string[]): Promise<void> {
  const [command, ...rest] = args;
  if (command === undefined || args.includes('--help')) {
    console.log(HELP);
    return;
  }
  const run = COMMANDS.get(command);
  if (run === undefined || rest.length > 0) {
    const known = [...COMMANDS.keys()].join(' or ');
    throw new Error(`Unknown command \`${args.join(' ')}\`. Usage: database ${known}.`);
  }
  const { databaseUrl } = readConfig(process.env);
  if (databaseUrl === null) {
    throw new Error('DATABASE_URL is not set. Set it to the database that the command is for.');
  }
  await run(databaseUrl);
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
