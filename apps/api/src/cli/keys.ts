import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { scopeValues, type Scope } from '@greenroom/contract';
import {
  isDatabaseUnavailable,
  openDatabase,
  openEmbeddedPostgres,
  type Database,
} from '@greenroom/database';

import { createApiKey, revokeApiKey } from '../api-keys/api-key-service.ts';
import { createWorkerKey, revokeWorkerKey } from '../workers/worker-key-service.ts';
import { ConfigError, readConfig } from '../config.ts';

const HELP = `Makes and revokes API keys, on the database that the server uses.

  keys create --org <id> --mode test|live --scope <scope> [--scope …] [--name <name>] [--expires <time>]
  keys create --worker [--name <name>]
  keys revoke <key id>

Scopes: ${scopeValues.join(' ')}
The secret is printed once and cannot be shown again.
DATABASE_URL and GREENROOM_DATA_DIR are read as by start.`;

class UsageError extends Error {}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      org: { type: 'string' },
      mode: { type: 'string' },
      scope: { type: 'string', multiple: true },
      name: { type: 'string' },
      expires: { type: 'string' },
      worker: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const [command, id] = positionals;
  if (values.help === true || command === undefined) {
    console.log(HELP);
    return;
  }
  if (command === 'create') return withDatabase((database) => create(database, values));
  if (command === 'revoke' && id !== undefined) return withDatabase((database) => revoke(database, id));
  throw new UsageError('Say "keys create …" or "keys revoke <key id>".');
}

interface CreateOptions {
  org?: string;
  mode?: string;
  scope?: string[];
  name?: string;
  expires?: string;
  worker?: boolean;
}

async function create(database: Database, options: CreateOptions): Promise<void> {
  const name = options.name ?? 'Made by an operator';
  if (options.worker === true) {
    const { id, secret } = await createWorkerKey(database, name);
    print(id, secret);
    return;
  }
  const { org, mode, scope = [] } = options;
  if (org === undefined) throw new UsageError('--org is missing.');
  if (mode !== 'test' && mode !== 'live') throw new UsageError('--mode must be test or live.');
  const unknown = scope.filter((candidate) => !(scopeValues as readonly string[]).includes(candidate));
  if (scope.length === 0 || unknown.length > 0) {
    throw new UsageError(`--scope must be one or more of: ${scopeValues.join(' ')}`);
  }
  const expiresAt = options.expires === undefined ? null : new Date(options.expires);
  if (expiresAt !== null && !(expiresAt.getTime() > Date.now())) {
    throw new UsageError('--expires must be a time to come, such as 2030-01-31T12:00:00Z.');
  }
  if ((await database.prisma.org.findUnique({ where: { id: org } })) === null) {
    throw new UsageError(`There is no organisation ${org}.`);
  }
  const scopes = [...new Set(scope)] as Scope[];
  const { key, secret } = await createApiKey(database, { orgId: org, mode }, { name, scopes, expiresAt });
  print(key.id, secret);
}

function print(id: string, secret: string): void {
  console.log(`id      ${id}\nsecret  ${secret}`);
}

async function revoke(database: Database, id: string): Promise<void> {
  const key = await database.prisma.apiKey.findFirst({ where: { id } });
  const revoked = key === null ? await revokeWorkerKey(database, id) : await revokeApiKey(database, key, id);
  if (!revoked) throw new UsageError(`There is no key ${id}.`);
  console.log(`${id} is revoked`);
}

async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const config = readConfig(process.env);
  const embedded =
    config.databaseUrl === null ? await openEmbeddedPostgres({ dataDir: resolve(config.dataDir) }) : null;
  const database = openDatabase(config.databaseUrl ?? embedded?.url ?? '', {
    poolSize: 2,
    applicationName: 'greenroom-keys',
  });
  try {
    await work(database);
  } finally {
    await database.close();
    await embedded?.stop();
  }
}

try {
  await main();
} catch (error) {
  console.error(explanation(error));
  process.exitCode = 1;
}

function explanation(error: unknown): unknown {
  if (error instanceof UsageError || (error instanceof TypeError && 'code' in error)) {
    return `${error.message}\nSee "keys --help".`;
  }
  if (error instanceof ConfigError) return `The environment is not valid:\n${error.message}`;
  if (isDatabaseUnavailable(error)) return 'The database cannot be reached. Check DATABASE_URL.';
  return error;
}
