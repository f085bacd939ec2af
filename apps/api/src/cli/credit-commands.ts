import { keyModeValues, type KeyMode } from '@greenroom/contract';
import { outcomeOfUnavailability } from '@greenroom/database';
import { Option, type Command } from 'commander';

import { grantCredits, listCreditEntries, type CreditEntry } from '../accounts/credit-entry-repository.ts';
import { quoted } from '../errors/message-text.ts';
import { CommandError } from './command-error.ts';
import { withDatabase } from './operator-database.ts';
import { operator } from './operator.ts';
import { creditAmount, displayName, grantReference, integer } from './option-values.ts';
import { requireActive, requireOrg } from './org-commands.ts';
import { printList, printObject, type Row } from './output.ts';

const MAX_LISTED = 1_000;

interface GrantOptions {
  mode: KeyMode;
  reason: string;
  reference?: string;
}

/** Adds `credits`, the commands for the balances of organisations. */
export function addCreditCommands(program: Command): void {
  const credits = program.command('credits').description('Grant credits, and list what changed a balance.');
  const mode = () =>
    new Option('--mode <mode>', 'the account').choices(keyModeValues).default('live' satisfies KeyMode);

  credits
    .command('grant')
    .description('Add credits to the balance of an organisation.')
    .argument('<org>', 'the id of the organisation')
    .argument('<credits>', 'the amount, such as 500 or 0.5', creditAmount)
    .addOption(mode())
    .option('--reason <text>', 'the reason, for the history', displayName, 'Granted by an operator')
    .option(
      '--reference <text>',
      'a name of this grant, such as an invoice number: repeating the command grants once',
      grantReference,
    )
    .addHelpText(
      'after',
      '\nExample:\n  greenroom credits grant acme 500 --reason "Invoice 2026-017" --reference 2026-017',
    )
    .action(async (orgId: string, amount: number, options: GrantOptions, command: Command) => {
      await withDatabase(async (database) => {
        const { mode, reason, reference = null } = options;
        await requireActive(database, orgId);
        const grant = { credits: amount, reason, reference };
        const granted = await grantCredits(database, { orgId, mode }, grant, operator()).catch(
          (error: unknown) => {
            if (outcomeOfUnavailability(error) !== 'unknown') throw error;
            throw new CommandError(
              reference === null
                ? `It is not known whether the credits were granted. Check \`credits history ${orgId}\` before you repeat it.`
                : 'It is not known whether the credits were granted. Repeat the command: because of its reference, it grants only once.',
            );
          },
        );
        if (granted === null) throw new Error(`Organisation ${orgId} has no ${mode} account`);
        const { entry, balance, isRepeated } = granted;
        if (isRepeated && entry.credits !== amount) {
          throw new CommandError(
            `The reference ${quoted(reference ?? '')} granted ${entry.credits} credits at ${entry.at.toISOString()}. Use another reference, or repeat that amount.`,
          );
        }
        printObject(command, { ...entryOf(entry), balance });
      });
    });

  credits
    .command('history')
    .description('List what changed a balance, except usage, newest first.')
    .argument('<org>', 'the id of the organisation')
    .addOption(mode())
    .option('--limit <count>', 'maximum number of entries', integer(1, MAX_LISTED), 100)
    .option('--before <entry>', 'list only entries before this id')
    .addHelpText('after', '\nExample:\n  greenroom credits history acme --json')
    .action(
      async (
        orgId: string,
        { mode, limit, before }: { mode: KeyMode; limit: number; before?: string },
        command: Command,
      ) => {
        const entries = await withDatabase(async (database) => {
          await requireOrg(database, orgId);
          return listCreditEntries(database, { orgId, mode }, { before, take: limit });
        });
        printList(command, entries.map(entryOf));
      },
    );
}

function entryOf({ id, kind, credits, reason, reference, at }: CreditEntry): Row {
  return { id, at: at.toISOString(), kind, credits, reason, reference };
}
