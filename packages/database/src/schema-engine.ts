import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { DiffTarget, MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

import type { Migration } from './migrations.ts';
import { schemaEngineAdapter } from './schema-engine-adapter.ts';

// Prisma's schema engine, compiled to WebAssembly: the release that the Prisma CLI uses, as a test checks. The CLI itself
// would download a native engine and takes more than a second for each command. It is an internal package of Prisma, so
// it is imported only here. Loading takes a second, so import this file dynamically.

// Declared here because Node's types lack it.
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(
    module: object,
    imports: Record<string, object>,
  ): Promise<{ exports: { __wbindgen_start(): void } }>;
};

const DATASOURCE = 'datasource db {\n  provider = "postgresql"\n}\n';
// Marks the migration that the engine has recorded as started. The engine does it again after the script.
const RECORD_FINISHED =
  'UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL;';
const NO_FILTERS = { externalTables: [], externalEnums: [] };

/** One side of a comparison: nothing, a Prisma schema, or the connected database. */
export type Side = { kind: 'empty' } | { kind: 'schema'; schema: string } | { kind: 'database' };

/**
 * Applies the pending migrations to the database at `url`. Resolves with their names. Each migration records its end in
 * its own transaction, so an unfinished one changed nothing, even when the process was killed.
 */
export function applyMigrations(url: string, migrations: readonly Migration[]): Promise<string[]> {
  const scripts = new Set(migrations.map(({ sql }) => sql));
  const recorded = (script: string): string =>
    scripts.has(script) ? `${script}\n;${RECORD_FINISHED}` : script;
  return withEngine(
    url,
    async (engine) => {
      const input = { migrationsList: migrationList(migrations), filters: NO_FILTERS };
      return (await engine.applyMigrations(input)).appliedMigrationNames;
    },
    recorded,
  );
}

/** Resolves with the SQL that changes `from` to `to`; `''` when they match. */
export function diff(url: string, from: Side, to: Side): Promise<string> {
  return withEngine(url, async (engine) => {
    const params = { from: target(from), to: target(to), script: true, exitCode: true, filters: NO_FILTERS };
    const { exitCode, stdout } = await engine.diff(params);
    return exitCode === 0 ? '' : (stdout ?? '');
  });
}

async function withEngine<Result>(
  url: string,
  use: (engine: SchemaEngine) => Promise<Result>,
  rewriteScript = (script: string): string => script,
): Promise<Result> {
  await load();
  const datamodels: [string, string][] = [['schema.prisma', DATASOURCE]];
  const pool = new pg.Pool({ connectionString: url, max: 1, application_name: 'greenroom-migrate' });
  const adapter = bindMigrationAwareSqlAdapterFactory(schemaEngineAdapter(pool, rewriteScript));
  let engine: SchemaEngine | undefined;
  try {
    engine = await bindings.SchemaEngine.new({ datamodels }, () => undefined, adapter);
    return await use(engine);
  } catch (error) {
    throw panic === undefined
      ? error
      : new Error(`Prisma's schema engine crashed: ${panic}`, { cause: error });
  } finally {
    if (panic === undefined) engine?.free();
    if (!pool.ending) await pool.end();
  }
}

let loading: Promise<void> | undefined;
let panic: string | undefined;

function load(): Promise<void> {
  return (loading ??= instantiate());
}

async function instantiate(): Promise<void> {
  // The engine stores the message of a panic here.
  const registry = {
    set_message(message: string) {
      panic = message;
    },
  };
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: registry });
  const path = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const module = await WebAssembly.compile(await readFile(path.replace(/\.js$/, '.wasm')));
  const imports = { './schema_engine_bg.js': { ...bindings, ...unrefTimers() } };
  const { exports } = await WebAssembly.instantiate(module, imports);
  bindings.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
}

// The engine does not clear the timer of its lock timeout (10 s), which would keep the process running.
function unrefTimers(): Record<string, unknown> {
  const name = Object.keys(bindings).find((key) => key.startsWith('__wbg_setTimeout_'));
  if (name === undefined) return {};
  return { [name]: (callback: () => void, ms: number) => setTimeout(callback, ms).unref() };
}

function target(side: Side): DiffTarget {
  switch (side.kind) {
    case 'empty':
      return { tag: 'empty' };
    case 'schema':
      return { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: side.schema }] };
    case 'database':
      // A schema without models represents the connected database.
      return {
        tag: 'schemaDatasource',
        files: [{ path: 'schema.prisma', content: DATASOURCE }],
        configDir: '.',
      };
  }
}

function migrationList(migrations: readonly Migration[]): MigrationList {
  return {
    baseDir: 'migrations',
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: sql } },
    })),
  };
}
