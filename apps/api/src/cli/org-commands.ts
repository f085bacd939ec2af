import { rm } from 'node:fs/promises';

import { limits } from '@greenroom/contract';
import type { Database, Org } from '@greenroom/database';
import type { Command } from 'commander';

import {
  findOrg,
  findOrgDetails,
  insertOrg,
  listOrgs,
  updateOrg,
  type OrgDetails,
  type OrgSettings,
} from '../accounts/org-repository.ts';
import { currentTime } from '../common/clock.ts';
import { allOf, quoted } from '../errors/message-text.ts';
import { listPlans } from '../plans/plan-repository.ts';
import { eraseOrg } from '../retention/erasure.ts';
import { DEV_ORG, devFileOf } from '../startup/dev-org.ts';
import { CommandError } from './command-error.ts';
import { withDatabase } from './operator-database.ts';
import { operator } from './operator.ts';
import { DEFAULT, displayName, integer, integerOrDefault, newOrgId } from './option-values.ts';
import { printList, printObject, type Row } from './output.ts';
import { requireYes } from './require-yes.ts';

const MAX_SESSIONS = 1_000_000;
const MAX_PER_SECOND = 1_000_000;
const MAX_SECONDS = limits.SessionCreate.max_duration_seconds.maximum;
type Limit = 'concurrentSessions' | 'maxSessionSeconds' | 'requestsPerSecond' | 'createsPerSecond';

const MAX_LISTED = 1_000;

/** Adds `orgs`, the commands for organisations. */
export function addOrgCommands(program: Command): void {
  const orgs = program.command('orgs').description('Create, list, change, suspend and delete organisations.');

  orgs
    .command('create')
    .description('Create an organisation, with its plan’s included credits for this month.')
    .argument('<org>', 'the id, which cannot be changed', newOrgId)
    .requiredOption('--plan <plan>', 'its plan')
    .option('--name <name>', 'the name; the id by default', displayName)
    .addHelpText('after', '\nExample:\n  greenroom orgs create acme --name "Acme Inc." --plan launch')
    .action(async (id: string, options: { plan: string; name?: string }, command: Command) => {
      await withDatabase(async (database) => {
        const org = { id, name: options.name ?? id, planId: options.plan };
        await requirePlan(database, org.planId);
        const created = await insertOrg(database, org, operator());
        if (typeof created === 'string') {
          throw new CommandError(
            `An organisation with the ${created} ${quoted(org[created])} already exists. Choose another ${created}.`,
          );
        }
        printOrg(command, created);
      });
    });

  orgs
    .command('list')
    .description('List organisations, sorted by id.')
    .option('--limit <count>', 'maximum number of organisations', integer(1, MAX_LISTED), 100)
    .option('--after <org>', 'list only organisations after this id')
    .addHelpText('after', '\nExample:\n  greenroom orgs list --after acme --json')
    .action(async ({ limit, after }: { limit: number; after?: string }, command: Command) => {
      const rows = await withDatabase((database) => listOrgs(database, { after, take: limit }));
      printList(command, rows.map(summaryOf));
    });

  orgs
    .command('show')
    .description('Show an organisation, its limits and its accounts.')
    .argument('<org>', 'the id of the organisation')
    .addHelpText('after', '\nExample:\n  greenroom orgs show acme')
    .action(async (id: string, _options: object, command: Command) => {
      const details = await withDatabase((database) => findOrgDetails(database, id));
      if (details === null) throw unknownOrg(id);
      printOrg(command, details);
    });

  orgs
    .command('set-plan')
    .description(
      'Change the plan of an organisation. Limits set for it remain. A larger plan grants the difference in credits.',
    )
    .argument('<org>', 'the id of the organisation')
    .argument('<plan>', 'the new plan')
    .addHelpText('after', '\nExample:\n  greenroom orgs set-plan acme scale')
    .action(async (id: string, planId: string, _options: object, command: Command) => {
      await changeOrg(command, id, 'organisation.set_plan', async (org, database) => {
        await requirePlan(database, planId);
        if (org.planId === planId) {
          throw new CommandError(`${quoted(id)} already has the plan ${quoted(planId)}.`);
        }
        return { planId };
      });
    });

  orgs
    .command('set-limits')
    .description('Set limits for an organisation; `default` restores the limits of its plan and the server.')
    .argument('<org>', 'the id of the organisation')
    .option(
      '--concurrent-sessions <count>',
      'maximum live sessions in each mode',
      integerOrDefault(0, MAX_SESSIONS),
    )
    .option(
      '--max-session-seconds <seconds>',
      'maximum duration of a session',
      integerOrDefault(1, MAX_SECONDS),
    )
    .option(
      '--requests-per-second <count>',
      'maximum requests of one key',
      integerOrDefault(1, MAX_PER_SECOND),
    )
    .option(
      '--creates-per-second <count>',
      'maximum session creates of one key',
      integerOrDefault(1, MAX_PER_SECOND),
    )
    .addHelpText(
      'after',
      '\nExample:\n  greenroom orgs set-limits acme --concurrent-sessions 25 --requests-per-second default',
    )
    .action(async (id: string, given: Partial<Record<Limit, number | typeof DEFAULT>>, command: Command) => {
      const limits = Object.entries(given).map(([name, limit]) => [name, limit === DEFAULT ? null : limit]);
      if (limits.length === 0) command.error('Set at least one limit. See --help.');
      await changeOrg(
        command,
        id,
        'organisation.set_limits',
        () => Object.fromEntries(limits) as Partial<Record<Limit, number | null>>,
      );
    });

  orgs
    .command('suspend')
    .description('Reject the keys of an organisation. Its live sessions continue and are billed.')
    .argument('<org>', 'the id of the organisation')
    .option('--yes', 'confirm')
    .addHelpText('after', '\nExample:\n  greenroom orgs suspend acme --yes')
    .action(async (id: string, options: { yes?: true }, command: Command) => {
      requireYes(command, options, `Every request of ${quoted(id)} will be rejected.`);
      await changeOrg(command, id, 'organisation.suspend', ({ suspendedAt }) => {
        if (suspendedAt !== null) throw new CommandError(`${quoted(id)} is already suspended.`);
        return { suspendedAt: currentTime() };
      });
    });

  orgs
    .command('resume')
    .description('Accept the keys of a suspended organisation again.')
    .argument('<org>', 'the id of the organisation')
    .addHelpText('after', '\nExample:\n  greenroom orgs resume acme')
    .action(async (id: string, _options: object, command: Command) => {
      await changeOrg(command, id, 'organisation.resume', ({ suspendedAt }) => {
        if (suspendedAt === null) throw new CommandError(`${quoted(id)} is not suspended.`);
        return { suspendedAt: null };
      });
    });

  orgs
    .command('delete')
    .description(
      'Delete an organisation and all its data. It must have no live sessions. After a failure, run the command again.',
    )
    .argument('<org>', 'the id of the organisation')
    .option('--yes', 'confirm')
    .addHelpText('after', '\nExample:\n  greenroom orgs delete acme --yes')
    .action(async (id: string, options: { yes?: true }, command: Command) => {
      requireYes(command, options, `All data of ${quoted(id)} will be deleted.`);
      const outcome = await withDatabase(async (database, _url, dataDir) => {
        const erased = await eraseOrg(database, id, operator());
        // Deleted even when an earlier command was interrupted before this step.
        if (typeof erased === 'string' && id === DEV_ORG) await rm(devFileOf(dataDir), { force: true });
        return erased;
      });
      if (outcome === 'unknown') throw unknownOrg(id);
      if (outcome !== 'erased') {
        throw new CommandError(
          `Live sessions of ${quoted(id)}: ${outcome.liveSessions}. Suspend it and wait until they are over, or end them with \`greenroom sessions end\`.`,
        );
      }
      printObject(command, { id, status: 'deleted' });
    });
}

/**
 * Returns an organisation.
 *
 * @throws {CommandError} when it does not exist
 */
export async function requireOrg(database: Database, id: string): Promise<Org> {
  const org = await findOrg(database, id);
  if (org !== null) return org;
  throw unknownOrg(id);
}

/**
 * Returns an organisation that can be changed.
 *
 * @throws {CommandError} when it does not exist, or is being deleted
 */
export async function requireActive(database: Database, id: string): Promise<Org> {
  const org = await requireOrg(database, id);
  if (org.deletingAt === null) return org;
  throw new CommandError(
    `${quoted(id)} is being deleted. \`greenroom orgs delete ${id} --yes\` completes that.`,
  );
}

function unknownOrg(id: string): CommandError {
  return new CommandError(`Organisation ${quoted(id)} does not exist. \`greenroom orgs list\` lists them.`);
}

async function requirePlan(database: Database, id: string): Promise<void> {
  const plans = (await listPlans(database)).map((plan) => plan.id);
  if (plans.includes(id)) return;
  throw new CommandError(
    plans.length === 0
      ? 'The database has no plans yet. Start the server once.'
      : `Plan ${quoted(id)} does not exist. The plans are ${allOf(plans)}.`,
  );
}

async function changeOrg(
  command: Command,
  id: string,
  action: `organisation.${string}`,
  change: (org: Org, database: Database) => Partial<OrgSettings> | Promise<Partial<OrgSettings>>,
): Promise<void> {
  await withDatabase(async (database) => {
    const seen = await requireActive(database, id);
    const changes = await change(seen, database);
    const changed = await updateOrg(database, { seen, changes, action }, operator());
    if (changed === null) {
      throw new CommandError(
        `${quoted(id)} was changed by another operator at the same time. Check it and run the command again.`,
      );
    }
    printOrg(command, changed);
  });
}

function printOrg(command: Command, { org, accounts }: OrgDetails): void {
  const [account] = accounts;
  printObject(command, {
    ...summaryOf(org),
    concurrent_sessions: account?.concurrentSessions ?? null,
    max_session_seconds: account?.maxSessionSeconds ?? null,
    requests_per_second: org.requestsPerSecond,
    creates_per_second: org.createsPerSecond,
    ...Object.fromEntries(
      accounts.map(({ mode, creditsBalance, creditsReserved, activeSessions }) => [
        mode,
        {
          credits_balance: creditsBalance,
          credits_reserved: creditsReserved,
          active_sessions: activeSessions,
        },
      ]),
    ),
  });
}

function summaryOf(org: Org): Row {
  const { id, name, planId, suspendedAt, createdAt } = org;
  return {
    id,
    name,
    plan: planId,
    status: statusOf(org),
    suspended_at: suspendedAt?.toISOString() ?? null,
    created_at: createdAt.toISOString(),
  };
}

function statusOf({ suspendedAt, deletingAt }: Org): string {
  if (deletingAt !== null) return 'deleting';
  return suspendedAt === null ? 'active' : 'suspended';
}
