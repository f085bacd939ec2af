import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { DiffTarget, MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { Migration } from './migrations.ts';
import { schemaEngineAdapter } from './schema-engine-adapter.ts';

// Prisma's engine for migrations, compiled to WebAssembly: an internal package of theirs, pinned exactly and named in
// this file alone. It takes a second to load, so whoever needs it imports this file when the need is certain.

// Node's types leave it to the browser's.
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: Record<string, object>): Promise<{ exports: { __wbindgen_start(): void } }>;
};

const DATASOURCE = 'datasource db {\n  provider = "postgresql"\n}\n';
const NO_FILTERS = { externalTables: [], externalEnums: [] };

/** What the engine compares: nothing at all, a Prisma schema, or the database it is connected to. */
export type Side = { kind: 'empty' } | { kind: 'schema'; schema: string } | { kind: 'database' };

/** Applies the migrations that are not recorded in the database at `url`; resolves with their names. */
export function applyMigrations(url: string, migrations: readonly Migration[]): Promise<string[]> {
  return withEngine(url, async (engine) => {
    const input = { migrationsList: migrationList(migrations), filters: NO_FILTERS };
    return (await engine.applyMigrations(input)).appliedMigrationNames;
  });
}

/** The SQL that makes a database like `to` of one like `from`; `''` when they are the same. */
export function diff(url: string, from: Side, to: Side): Promise<string> {
  return withEngine(url, async (engine) => {
    const params = { from: target(from), to: target(to), script: true, exitCode: true, filters: NO_FILTERS };
    const { exitCode, stdout } = await engine.diff(params);
    return exitCode === 0 ? '' : (stdout ?? '');
  });
}

async function withEngine<Result>(url: string, use: (engine: SchemaEngine) => Promise<Result>): Promise<Result> {
  await load();
  const datamodels: [string, string][] = [['schema.prisma', DATASOURCE]];
  const adapter = bindMigrationAwareSqlAdapterFactory(schemaEngineAdapter(url));
  const engine = await bindings.SchemaEngine.new({ datamodels }, () => undefined, adapter);
  try {
    return await use(engine);
  } finally {
    engine.free();
  }
}

let loading: Promise<void> | undefined;

function load(): Promise<void> {
  return (loading ??= instantiate());
}

async function instantiate(): Promise<void> {
  const path = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const module = await WebAssembly.compile(await readFile(path.replace(/\.js$/, '.wasm')));
  const { exports } = await WebAssembly.instantiate(module, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
}

function target(side: Side): DiffTarget {
  switch (side.kind) {
    case 'empty':
      return { tag: 'empty' };
    case 'schema':
      return { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: side.schema }] };
    case 'database':
      // Named by a schema without models; the engine looks at what it is connected to.
      return { tag: 'schemaDatasource', files: [{ path: 'schema.prisma', content: DATASOURCE }], configDir: '.' };
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
