import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

import { manifests, read } from './repository.ts';

const workspace = parse(read('pnpm-workspace.yaml')) as {
  catalog: Record<string, string>;
  catalogs: Record<string, Record<string, string>>;
};

test('every version of the catalog is exact', () => {
  const catalogs = [workspace.catalog, ...Object.values(workspace.catalogs)];
  const loose = catalogs
    .flatMap(Object.entries<string>)
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
  expect(loose).toEqual([]);
});

test('the version of every dependency comes from the catalog or the workspace', () => {
  const others = [...manifests()].flatMap(([folder, { dependencies = {}, devDependencies = {} }]) =>
    Object.entries({ ...dependencies, ...devDependencies })
      .filter(([, version]) => !version.startsWith('catalog:') && version !== 'workspace:*')
      .map(([name, version]) => `${folder}: ${name} ${version}`),
  );
  expect(others).toEqual([]);
});

test('every version of the catalog is used', () => {
  const used = new Set(
    [...manifests().values()].flatMap(({ dependencies, devDependencies }) =>
      Object.keys({ ...dependencies, ...devDependencies }),
    ),
  );
  expect(Object.keys(workspace.catalog).filter((name) => !used.has(name))).toEqual([]);
});

test("Prisma's packages have one version, and its schema engine is that of its CLI", () => {
  const names = ['prisma', '@prisma/client', '@prisma/adapter-pg', '@prisma/driver-adapter-utils'];
  expect(new Set(names.map((name) => workspace.catalog[name])).size).toBe(1);
  const engines = [...read('pnpm-lock.yaml').matchAll(/^ {2}'@prisma\/engines-version@(.+)':$/gm)];
  expect(new Set(engines.map(([, version]) => version))).toEqual(
    new Set([workspace.catalog['@prisma/schema-engine-wasm']]),
  );
});

test('the root depends only on a few tools with few dependencies', () => {
  // npx reads all dependencies of the root before each of the README's commands. With ESLint and Jest among them, this
  // took longer than the command.
  const tools = Object.keys(manifests().get('.')?.devDependencies ?? {});
  expect(tools.sort()).toEqual(['@types/node', 'prettier', 'tsx', 'turbo', 'typescript']);
});

test('the lock file names no address of a registry', () => {
  expect(read('pnpm-lock.yaml').match(/^.*(?:tarball:|https?:).*$/gm) ?? []).toEqual([]);
});

describe('packages of the workspace', () => {
  // A package may depend on those before it.
  const layers = [
    /^openapi$/,
    /^packages\/(contract|media-protocol|pages|settings|testing)$/,
    /^packages\/(client|compatibility|database|tracing)$/,
    /^apps\/(api|worker)$/,
    // Their tests run against the server.
    /^apps\/(console|release)$/,
    // Its tests come from the console.
    /^apps\/docs$/,
    /^(scripts|\.)$/,
  ];
  const folders = new Map([...manifests()].map(([folder, { name }]) => [name, folder]));
  const layerOf = (folder: string) => layers.findIndex((layer) => layer.test(folder));
  const edges = [...manifests()].flatMap(([folder, { dependencies = {}, devDependencies = {} }]) =>
    Object.keys({ ...dependencies, ...devDependencies }).flatMap((name) => {
      const target = folders.get(name);
      return target === undefined ? [] : [{ folder, target }];
    }),
  );

  test('have a place in the order', () => {
    expect([...folders.values()].filter((folder) => layerOf(folder) < 0)).toEqual([]);
  });

  test('depend only on packages before them', () => {
    const against = edges.filter(({ folder, target }) => layerOf(target) >= layerOf(folder));
    expect(against).toEqual([]);
  });

  test('are not dependencies of the client, which customers install', () => {
    const dependencies = Object.keys(manifests().get('packages/client')?.dependencies ?? {});
    expect(dependencies).toEqual(['eventsource-parser', 'openapi-fetch', 'standardwebhooks']);
  });
});
