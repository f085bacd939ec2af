import type { Command } from 'commander';

import { listAuditEntries, type AuditEntry } from '../audit/audit-repository.ts';
import { createdAt } from '../common/ids.ts';
import { withDatabase } from './operator-database.ts';
import { integer, time } from './option-values.ts';
import { requireOrg } from './org-commands.ts';
import { isJson, printList, type Row } from './output.ts';

const MAX_LISTED = 1_000;

interface AuditOptions {
  org?: string;
  since?: Date;
  limit: number;
  before?: string;
}

/** Adds `audit`, which lists the changes of operators and keys. */
export function addAuditCommand(program: Command): void {
  program
    .command('audit')
    .description('List what operators and keys changed, newest first.')
    .option('--org <org>', 'only changes of this organisation')
    .option('--since <time>', 'only changes since this time', time)
    .option('--limit <count>', 'maximum number of entries', integer(1, MAX_LISTED), 100)
    .option('--before <entry>', 'list only entries before this id')
    .addHelpText('after', '\nExample:\n  greenroom audit --org acme --since 2026-11-01T00:00:00Z')
    .action(async ({ org, since, limit, before }: AuditOptions, command: Command) => {
      const entries = await withDatabase(async (database) => {
        if (org !== undefined) await requireOrg(database, org);
        return listAuditEntries(database, { orgId: org, since, before, take: limit });
      });
      printList(
        command,
        entries.map((entry) => rowOf(entry, isJson(command))),
      );
    });
}

function rowOf(entry: AuditEntry, isStructured: boolean): Row {
  const { id, orgId, actorKind, actorId, action, objectId, details } = entry;
  return {
    id,
    at: createdAt(id).toISOString(),
    actor_kind: actorKind,
    actor: actorId,
    action,
    org: orgId,
    object: objectId,
    // The fields differ between actions, so they are not columns of a table.
    details: isStructured ? details : JSON.stringify(details),
  };
}
