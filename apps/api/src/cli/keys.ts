import type { Database } from '@greenroom/database';

import { findOrg } from '../accounts/org-repository.ts';
import { findApiKeyOwner, revokeApiKey } from '../api-keys/api-key-repository.ts';
import { createApiKey } from '../api-keys/api-key-service.ts';
import { ConfigError } from '../common/config.ts';
import { maskSecrets } from '../errors/mask-secrets.ts';
import { errorLine } from '../startup/error-line.ts';
import { ignoreEpipe } from '../startup/ignore-epipe.ts';
import { revokeWorkerKey } from '../workers/worker-key-repository.ts';
import { createWorkerKey } from '../workers/worker-key-service.ts';
import { HELP, parseKeysCommand, UsageError, type KeysCommand } from './keys-command.ts';
import { withDatabase } from './operator-database.ts';

async function main(command: KeysCommand): Promise<void> {
  switch (command.name) {
    case 'help':
      console.log(HELP);
      return;
    case 'create':
      return withDatabase((database) => create(database, command));
    case 'create-worker':
      return withDatabase(async (database) => print(await createWorkerKey(database, command.label)));
    case 'revoke':
      return withDatabase((database) => revoke(database, command.id));
  }
}

async function create(
  database: Database,
  { org, mode, scopes, label, expiresAt }: KeysCommand & { name: 'create' },
): Promise<void> {
  if ((await findOrg(database, org)) === null) {
    throw new UsageError(`Organisation \`${maskSecrets(org)}\` does not exist. Check its id.`);
  }
  const { key, secret } = await createApiKey(
    database,
    { orgId: org, mode },
    { name: label, scopes, expiresAt },
  );
  print({ id: key.id, secret });
}

function print({ id, secret }: { id: string; secret: string }): void {
  console.log(`id      ${id}\nsecret  ${secret}`);
}

async function revoke(database: Database, id: string): Promise<void> {
  const owner = await findApiKeyOwner(database, id);
  const revoked =
    owner === null ? await revokeWorkerKey(database, id) : await revokeApiKey(database, owner, id);
  if (!revoked) {
    throw new UsageError(
      `Key \`${maskSecrets(id)}\` does not exist. Pass the id, \`key_…\` or \`wkk_…\`, not the key itself.`,
    );
  }
  console.log(`${id} is revoked`);
}

ignoreEpipe();
try {
  await main(parseKeysCommand(process.argv.slice(2)));
} catch (error) {
  console.error(explanation(error));
  process.exitCode = 1;
}

function explanation(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\nSee "keys --help".`;
  if (error instanceof ConfigError) return `The environment is not valid:\n${error.message}`;
  return `The command failed: ${errorLine(error)}`;
}
