import { outcomeOfUnavailability } from '@greenroom/database';
import { ConfigError } from '@greenroom/settings';
import { Command, CommanderError } from 'commander';

import { maskSecrets } from '../errors/mask-secrets.ts';
import { errorLine } from '../startup/error-line.ts';
import { ignoreEpipe } from '../startup/ignore-epipe.ts';
import { addAuditCommand } from './audit-commands.ts';
import { addCreditCommands } from './credit-commands.ts';
import { addDatabaseCommands } from './database-commands.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { addKeyCommands } from './key-commands.ts';
import { addOrgCommands } from './org-commands.ts';
import { RefusedError } from './refused-error.ts';
import { addSessionCommands } from './session-commands.ts';
import { addWorkerCommands } from './worker-commands.ts';

const REFUSED = 1;
const INVALID_USAGE = 2;

const program = new Command('greenroom')
  .description(
    'Operates a Greenroom server through its database.\nUses DATABASE_URL and GREENROOM_DATA_DIR like start. Exit codes: 0 done, 1 refused or failed, 2 invalid command line.',
  )
  .option('--json', 'print JSON')
  .configureHelp({ showGlobalOptions: true })
  .configureOutput({ outputError: printError })
  .exitOverride();
addOrgCommands(program);
addCreditCommands(program);
addKeyCommands(program);
addSessionCommands(program);
addWorkerCommands(program);
addAuditCommand(program);
addDatabaseCommands(program);
addDoctorCommand(program);

ignoreEpipe();
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCode(error);
}

function exitCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : INVALID_USAGE;
  printError(explanation(error));
  return REFUSED;
}

function explanation(error: unknown): string {
  if (error instanceof RefusedError) return error.message;
  if (error instanceof ConfigError) return `The environment is not valid:\n${error.message}`;
  if (outcomeOfUnavailability(error) === 'unknown') {
    return 'The database did not respond, so it is not known whether the command took effect. Look before you repeat it.';
  }
  return `The command failed: ${errorLine(error)}`;
}

/** Prints one line: Commander puts its suggestions on a second one. */
function printError(text: string): void {
  const line = text
    .replace(/^error: /, '')
    .trim()
    .replaceAll(/\n+/g, ' ');
  console.error(maskSecrets(line));
}
