import type { Command } from 'commander';

import { listWorkers } from '../workers/worker-repository.ts';
import { withDatabase } from './operator-database.ts';
import { printList } from './output.ts';

/** Adds `workers`, the commands for workers. */
export function addWorkerCommands(program: Command): void {
  const workers = program.command('workers').description('List the workers.');

  workers
    .command('list')
    .description('List the workers seen within a day and their sessions, last seen first.')
    .addHelpText('after', '\nExample:\n  greenroom workers list')
    .action(async (_options: object, command: Command) => {
      const rows = await withDatabase(listWorkers);
      printList(
        command,
        rows.map((worker) => ({
          id: worker.id,
          name: worker.name,
          runtime_type: worker.runtimeType,
          qualities: worker.qualities,
          slots: worker.slots,
          sessions: worker.sessions,
          version: worker.version,
          worker_key_id: worker.workerKeyId,
          last_seen_at: worker.lastSeenAt.toISOString(),
        })),
      );
    });
}
