import { outcomeOfUnavailability } from '@greenroom/database';
import { ConfigError } from '@greenroom/settings';
import { Command, CommanderError } from 'commander';

import { maskSecrets } from '../errors/mask-secrets.ts';
import { errorLine } from '../startup/error-line.ts';
import { addAuditCommand } from './audit-commands.ts';
import { CommandError } from './command-error.ts';
import { addCreditCommands } from './credit-commands.ts';
import { addDatabaseCommands } from './database-commands.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { currentInvocation, withInvocation, type Invocation } from './invocation.ts';
import { addKeyCommands } from './key-commands.ts';
import { addOrgCommands } from './org-commands.ts';
import { addSessionCommands } from './session-commands.ts';
import { addWorkerCommands } from './worker-commands.ts';

const FAILED = 1;
const INVALID_USAGE = 2;

/** Runs the operator's command. Returns its exit code: 0 done, 1 failed, 2 invalid command line. */
export function runGreenroom(args: readonly string[], output: Omit<Invocation, 'exitCode'>): Promise<number> {
  const invocation: Invocation = { ...output, exitCode: 0 };
  return withInvocation(invocation, async () => {
    try {
      await greenroomProgram().parseAsync(args, { from: 'user' });
      return invocation.exitCode;
    } catch (error) {
      return exitCode(error);
    }
  });
}

function greenroomProgram(): Command {
  const program = new Command('greenroom')
    .description(
      'Operates a Greenroom server through its database.\nUses DATABASE_URL and GREENROOM_DATA_DIR, like start. Exit codes: 0 success, 1 failure, 2 invalid command line.',
    )
    .option('--json', 'print JSON')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut(text) {
        currentInvocation().print(text.trimEnd());
      },
      writeErr(text) {
        currentInvocation().printError(text.trimEnd());
      },
      outputError: printError,
    })
    .exitOverride();
  addOrgCommands(program);
  addCreditCommands(program);
  addKeyCommands(program);
  addSessionCommands(program);
  addWorkerCommands(program);
  addAuditCommand(program);
  addDatabaseCommands(program);
  addDoctorCommand(program);
  return program;
}

function exitCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : INVALID_USAGE;
  printError(explanation(error));
  return FAILED;
}

function explanation(error: unknown): string {
  if (error instanceof CommandError) return error.message;
  if (error instanceof ConfigError) return `The environment is not valid:\n${error.message}`;
  if (outcomeOfUnavailability(error) === 'unknown') {
    return 'The database did not respond, so the command may or may not have taken effect. Check before you run it again.';
  }
  return `The command failed: ${errorLine(error)}`;
}

/** Prints one line: Commander puts its suggestions on a second one. */
function printError(text: string): void {
  const line = text
    .replace(/^error: /, '')
    .trim()
    .replaceAll(/\n+/g, ' ');
  currentInvocation().printError(maskSecrets(line));
}
