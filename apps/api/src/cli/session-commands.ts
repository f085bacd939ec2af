import { keyModeValues, limits, type KeyMode } from '@greenroom/contract';
import type { Database } from '@greenroom/database';
import { Option, type Command } from 'commander';
import { pino } from 'pino';

import { readConfig } from '../common/config.ts';
import { createdAt } from '../common/ids.ts';
import type { Tenant } from '../common/tenant.ts';
import { DispatchNotifier } from '../dispatch/dispatch-notifier.ts';
import { quoted } from '../errors/message-text.ts';
import { idRange } from '../http/time-range.ts';
import { LIVE_STATUSES } from '../sessions/lifecycle.ts';
import { sessionResource, type SessionRecord } from '../sessions/session-record.ts';
import { listSessions, findSessionWithCounters } from '../sessions/session-repository.ts';
import { endSession } from '../sessions/session-service.ts';
import { SessionTransitions } from '../sessions/session-transitions.ts';
import { CommandError } from './command-error.ts';
import { withDatabase } from './operator-database.ts';
import { operator } from './operator.ts';
import { integer } from './option-values.ts';
import { requireOrg } from './org-commands.ts';
import { printList, printObject, type Row } from './output.ts';
import { requireYes } from './require-yes.ts';

const MAX_LISTED = 1_000;
/** The defaults of the settings. */
const DEFAULTS = readConfig({}).sessions;
const MAX_DRAIN_SECONDS = limits.SessionCreate.max_duration_seconds.maximum;

interface TenantOptions {
  org: string;
  mode: KeyMode;
}

interface EndOptions extends TenantOptions {
  yes?: true;
  drainSeconds: number;
}

/** Adds `sessions`, the commands for the sessions of an organisation. */
export function addSessionCommands(program: Command): void {
  const sessions = program.command('sessions').description('List, show and end sessions of an organisation.');
  const ofTenant = (command: Command): Command =>
    command
      .requiredOption('--org <org>', 'the organisation')
      .addOption(
        new Option('--mode <mode>', 'the mode of the sessions').choices(keyModeValues).default('live'),
      );

  ofTenant(sessions.command('list'))
    .description('List sessions, newest first.')
    .option('--active', 'only live sessions')
    .option('--limit <count>', 'maximum number of sessions', integer(1, MAX_LISTED), 100)
    .option('--before <session>', 'list only sessions before this id')
    .addHelpText('after', '\nExample:\n  greenroom sessions list --org acme --active')
    .action(
      async (
        {
          active,
          limit,
          before,
          ...options
        }: TenantOptions & { active?: true; limit: number; before?: string },
        command: Command,
      ) => {
        const rows = await withDatabase(async (database) =>
          listSessions(database, await requireTenant(database, options), {
            statuses: active === true ? LIVE_STATUSES : null,
            avatarId: null,
            ...idRange('sess', { after: undefined, before: undefined, cursor: before }),
            take: limit,
          }),
        );
        printList(command, rows.map(summaryOf));
      },
    );

  ofTenant(sessions.command('show'))
    .description('Show a session as the customer sees it.')
    .argument('<session>', 'the id of the session')
    .addHelpText('after', '\nExample:\n  greenroom sessions show sess_01M85CEE6ZBC8QC8N8K371PSV4 --org acme')
    .action(async (id: string, options: TenantOptions, command: Command) => {
      const session = await withDatabase(async (database) =>
        requireSession(database, await requireTenant(database, options), id),
      );
      printObject(command, { ...sessionResource(session) });
    });

  ofTenant(sessions.command('end'))
    .description('End a live session, as the customer can.')
    .argument('<session>', 'the id of the session')
    .option('--yes', 'confirm')
    .option(
      '--drain-seconds <seconds>',
      'how long its worker may take to leave',
      integer(1, MAX_DRAIN_SECONDS),
      DEFAULTS.drainDeadlineSeconds,
    )
    .addHelpText(
      'after',
      '\nExample:\n  greenroom sessions end sess_01M85CEE6ZBC8QC8N8K371PSV4 --org acme --yes',
    )
    .action(async (id: string, { drainSeconds, ...options }: EndOptions, command: Command) => {
      requireYes(command, options, `Session ${quoted(id)} will end.`);
      await withDatabase(async (database) => {
        const tenant = await requireTenant(database, options);
        const { status } = await requireSession(database, tenant, id);
        // Ignores this environment's deadline, because only that of the servers applies to sessions.
        const config = { ...DEFAULTS, drainDeadlineSeconds: drainSeconds };
        // A lost notification costs a worker one report interval.
        const notifier = new DispatchNotifier(database, pino({ level: 'silent' }));
        const transitions = new SessionTransitions({ config, notifier });
        const ended = await endSession({ database, transitions }, tenant, id, operator());
        await notifier.stop();
        if (ended === null) throw new CommandError(`Session ${quoted(id)} is already ${quoted(status)}.`);
        printObject(command, summaryOf(ended));
      });
    });
}

async function requireTenant(database: Database, { org, mode }: TenantOptions): Promise<Tenant> {
  await requireOrg(database, org);
  return { orgId: org, mode };
}

async function requireSession(database: Database, tenant: Tenant, id: string): Promise<SessionRecord> {
  const session = await findSessionWithCounters(database, tenant, id);
  if (session !== null) return session;
  throw new CommandError(
    `Organisation ${quoted(tenant.orgId)} has no session ${quoted(id)} in ${tenant.mode} mode.`,
  );
}

function summaryOf(session: SessionRecord): Row {
  return {
    id: session.id,
    status: session.status,
    avatar_id: session.avatarId,
    quality: session.quality,
    billable_seconds: session.billableSeconds,
    created_at: createdAt(session.id).toISOString(),
    started_at: session.startedAt?.toISOString() ?? null,
    failure_code: session.failureCode,
  };
}
