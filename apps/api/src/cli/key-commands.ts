import { keyModeValues, scopeValues, type KeyMode, type Scope } from '@greenroom/contract';
import type { ApiKey, Database } from '@greenroom/database';
import { Option, type Command } from 'commander';

import { apiKeyResource } from '../api-keys/api-key-handlers.ts';
import { findApiKey, findApiKeyOwner, listApiKeys, revokeApiKey } from '../api-keys/api-key-repository.ts';
import { createApiKey, rotateApiKey } from '../api-keys/api-key-service.ts';
import { currentTimeMs } from '../common/clock.ts';
import { createdAt, isId } from '../common/ids.ts';
import { quoted } from '../errors/message-text.ts';
import { isWorkerKey, listWorkerKeys, revokeWorkerKey } from '../workers/worker-key-repository.ts';
import { createWorkerKey } from '../workers/worker-key-service.ts';
import { CommandError } from './command-error.ts';
import { withDatabase } from './operator-database.ts';
import { operator } from './operator.ts';
import { displayName, durationMs, futureTime, futureTimeOrNever, integer, NEVER } from './option-values.ts';
import { requireActive, requireOrg } from './org-commands.ts';
import { printList, printObject } from './output.ts';
import { requireYes } from './require-yes.ts';

const MAX_LISTED = 1_000;
const DEFAULT_NAME = 'Created by an operator';

interface CreateOptions {
  org?: string;
  mode?: KeyMode;
  scope?: Scope[];
  name: string;
  expires?: Date;
  worker?: true;
}

/** Adds `keys`, the commands for the keys of organisations and workers. */
export function addKeyCommands(program: Command): void {
  const keys = program.command('keys').description('Create, list, rotate and revoke keys.');

  keys
    .command('create')
    .description('Create a key for an organisation or for workers. The secret is shown only once.')
    .option('--org <org>', 'the organisation of the key')
    .addOption(new Option('--mode <mode>', 'its mode').choices(keyModeValues))
    .addOption(new Option('--scope <scope...>', 'what it may do').choices(scopeValues))
    .option('--worker', 'a worker key, which has no organisation, mode or scopes')
    .option('--name <name>', 'the name of the key', displayName, DEFAULT_NAME)
    .option('--expires <time>', 'when the key stops working', futureTime)
    .addHelpText(
      'after',
      `
Examples:
  greenroom keys create --org acme --mode live --scope sessions:read sessions:write
  greenroom keys create --worker --name rack-7`,
    )
    .action(async (options: CreateOptions, command: Command) => {
      const { org: orgId, mode, scope, name, expires, worker } = options;
      if (worker === true) {
        if (orgId !== undefined || mode !== undefined || scope !== undefined || expires !== undefined) {
          command.error('With --worker, only --name is allowed.');
        }
        printObject(command, await withDatabase((database) => createWorkerKey(database, name, operator())));
      } else if (orgId === undefined || mode === undefined || scope === undefined) {
        command.error('Required: --org, --mode and --scope, or --worker.');
      } else {
        await withDatabase(async (database) => {
          await requireActive(database, orgId);
          const key = { name, scopes: [...new Set(scope)], expiresAt: expires ?? null };
          const created = await createApiKey(database, { orgId, mode }, key, operator());
          printObject(command, { id: created.key.id, secret: created.secret });
        });
      }
    });

  keys
    .command('list')
    .description('List the keys of an organisation or of workers, newest first.')
    .option('--org <org>', 'the organisation')
    .addOption(new Option('--mode <mode>', 'the mode of the keys').choices(keyModeValues).default('live'))
    .option('--worker', 'list the worker keys')
    .option('--limit <count>', 'maximum number of keys of an organisation', integer(1, MAX_LISTED), 100)
    .option('--before <key>', 'list only keys before this id')
    .addHelpText(
      'after',
      '\nExamples:\n  greenroom keys list --org acme --mode test\n  greenroom keys list --worker',
    )
    .action(
      async (
        options: { org?: string; mode: KeyMode; worker?: true; limit: number; before?: string },
        command: Command,
      ) => {
        const { org: orgId, mode, worker, limit, before } = options;
        if (worker === true) {
          const rows = await withDatabase(listWorkerKeys);
          printList(
            command,
            rows.map(({ id, name, hint, lastUsedAt, expiresAt }) => ({
              id,
              name,
              hint,
              created_at: createdAt(id).toISOString(),
              last_used_at: lastUsedAt?.toISOString() ?? null,
              expires_at: expiresAt?.toISOString() ?? null,
            })),
          );
        } else if (orgId === undefined) {
          command.error('Required: --org or --worker.');
        } else {
          const rows = await withDatabase(async (database) => {
            await requireOrg(database, orgId);
            return listApiKeys(database, { orgId, mode }, { before, take: limit });
          });
          printList(
            command,
            rows.map((key) => ({ ...apiKeyResource(key) })),
          );
        }
      },
    );

  keys
    .command('revoke')
    .description('Revoke a key. It stops working within a second.')
    .argument('<key>', 'the id of the key')
    .option('--yes', 'confirm')
    .addHelpText('after', '\nExample:\n  greenroom keys revoke key_01M85CEE6ZBC8QC8N8K371PSV4 --yes')
    .action(async (id: string, options: { yes?: true }, command: Command) => {
      requireYes(command, options, `Every request with the key ${quoted(id)} will be rejected.`);
      await withDatabase(async (database) => {
        const owner = await findApiKeyOwner(database, id);
        const revoked =
          owner === null
            ? await revokeWorkerKey(database, id, operator())
            : await revokeApiKey(database, owner, id, operator());
        if (!revoked) {
          const exists = owner !== null || (await isWorkerKey(database, id));
          throw exists ? new CommandError(`Key ${quoted(id)} is already revoked.`) : unknownKey(id);
        }
        printObject(command, { id, status: 'revoked' });
      });
    });

  keys
    .command('rotate')
    .description('Create a key like an existing key of an organisation, which then expires after an overlap.')
    .argument('<key>', 'the id of the old key')
    .requiredOption(
      '--overlap <duration>',
      'how long the old key works on, such as 30m, 24h or 7d',
      durationMs,
    )
    .option('--expires <time>', 'when the new key stops working, or never', futureTimeOrNever)
    .addHelpText('after', '\nExample:\n  greenroom keys rotate key_01M85CEE6ZBC8QC8N8K371PSV4 --overlap 24h')
    .action(
      async (
        id: string,
        { overlap, expires }: { overlap: number; expires?: Date | typeof NEVER },
        command: Command,
      ) => {
        await withDatabase(async (database) => {
          const old = await requireUsableKey(database, id);
          if (old.expiresAt !== null && expires === undefined) {
            throw new CommandError(
              `Key ${quoted(id)} already expires at ${old.expiresAt.toISOString()}. Add \`--expires <time>\` or \`--expires never\` for the new key.`,
            );
          }
          const expiresAt = expires === undefined || expires === NEVER ? null : expires;
          const end = currentTimeMs() + overlap;
          const oldExpiresAt = new Date(Math.min(end, old.expiresAt?.getTime() ?? end));
          const rotated = await rotateApiKey(database, old, { oldExpiresAt, expiresAt }, operator());
          if (rotated === null) {
            throw new CommandError(
              `Key ${quoted(id)} was changed at the same time. List the keys and try again.`,
            );
          }
          printObject(command, {
            id: rotated.key.id,
            secret: rotated.secret,
            old: { id, expires_at: oldExpiresAt.toISOString() },
          });
        });
      },
    );
}

/** @throws {CommandError} when no organisation has such a key, or when it does not work any more */
async function requireUsableKey(database: Database, id: string): Promise<ApiKey> {
  if (isId('wkk', id)) {
    throw new CommandError('Worker keys have no overlap. Create a new key, then revoke the old one.');
  }
  const owner = await findApiKeyOwner(database, id);
  const key = owner === null ? null : await findApiKey(database, owner, id);
  if (key === null) throw unknownKey(id);
  if (key.revokedAt !== null) throw new CommandError(`Key ${quoted(id)} is revoked. Create a new key.`);
  if (key.expiresAt !== null && key.expiresAt.getTime() <= currentTimeMs()) {
    throw new CommandError(`Key ${quoted(id)} has expired. Create a new key.`);
  }
  return key;
}

function unknownKey(id: string): CommandError {
  return new CommandError(
    `Key ${quoted(id)} does not exist. Pass its id, \`key_…\` or \`wkk_…\`, not the key itself.`,
  );
}
