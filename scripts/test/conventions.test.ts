import { expect, test } from '@jest/globals';

import { files, read } from './repository.ts';

const code = files('apps', 'packages', 'scripts', 'openapi', '*.js', '*.mjs').filter((path) =>
  /\.(tsx?|js|mjs)$/.test(path),
);
const handWritten = code.filter((path) => !path.includes('/generated/'));

function filesWith(paths: string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    read(path)
      .split('\n')
      .filter((line) => pattern.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  );
}

test('the server takes its paths from the document', () => {
  const server = handWritten.filter((path) => path.startsWith('apps/api/src/') && !path.endsWith('.test.ts'));
  expect(filesWith(server, /['"`}]\/(?:v1|internal)\b/)).toEqual([]);
});

test('only a program that traces loads OpenTelemetry', () => {
  const others = handWritten.filter((path) => path !== 'packages/tracing/src/open-telemetry.ts');
  expect(filesWith(others, /from '@opentelemetry\//)).toEqual([]);
  expect(filesWith(handWritten, /from '.*\/open-telemetry\.ts'/)).toEqual([]);
});

test('code files have names in kebab-case', () => {
  const named = handWritten.map((path) => path.split('/').at(-1) ?? '');
  expect(
    named.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+(-[a-z]+)?)?\.(tsx?|js|mjs)$/.test(name)),
  ).toEqual([]);
});

test('no rule is disabled for a line', () => {
  expect(filesWith(handWritten, /(?:oxlint|eslint)-disable/)).toEqual([]);
});

test('doc comments describe errors with @throws', () => {
  expect(filesWith(handWritten, /^\s*(?:\/\*\*|\*).*\bThrows\b/)).toEqual([]);
});

test('generated files are marked as generated', () => {
  const generated = code.filter((path) => path.includes('/generated/'));
  const silent = generated.filter((path) => !/generated|do not edit/i.test(read(path).slice(0, 300)));
  expect(generated.length).toBeGreaterThan(0);
  expect(silent).toEqual([]);
});

test('no file contains the address of a registry or a path of a developer’s machine', () => {
  const all = files().filter((path) => !/^(pnpm-lock\.yaml|LICENSE|scripts\/test\/)/.test(path));
  const text = all.filter((path) => !/\.(png|jpe?g|webp|ico|woff2?)$/.test(path));
  expect(filesWith(text, /registry\.|verdaccio|\/(?:home|Users)\/\w|\/root\/|\/work\/\w/)).toEqual([]);
});
