import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { DiffTarget, MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

import type { Migration } from './migrations.ts';
import { schemaEngineAdapter } from './schema-engine-adapter.ts';

// Prisma's engine for migrations, compiled to WebAssembly: an internal package of theirs, pinned exactly and named in
// this file alone. It takes a second to load, so whoever needs it imports this file when the need is certain.

// Node's types leave it to the browser's.
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(
    module: object,
    imports: Record<string, object>,
  ): Promise<{ exports: { __wbindgen_start(): void } }>;
};

const DATASOURCE = 'datasource db {\n  provider = "postgresql"\n}\n';
// The engine has recorded the start of this one migration; it records its end once more, after the script.
const RECORD_FINISHED =
  'UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL;';
const NO_FILTERS = { externalTables: [], externalEnums: [] };

/** What the engine compares: nothing at all, a Prisma schema, or the database it is connected to. */
export type Side = { kind: 'empty' } | { kind: 'schema'; schema: string } | { kind: 'database' };

/**
 * Applies the migrations that are not recorded in the database at `url`; resolves with their names. Each is recorded as
 * finished in its own transaction, so what is not recorded has left nothing, whenever the process is killed.
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

/** The SQL that makes a database like `to` of one like `from`; `''` when they are the same. */
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
  // Where the engine leaves its last words.
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

// The engine leaves the timer of its ten seconds for the lock running, which would keep the process alive.
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
      // Named by a schema without models; the engine looks at what it is connected to.
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
