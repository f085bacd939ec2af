import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { reasonWithout, skippable } from '@greenroom/testing';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

import { readCompose, readImage, unitValues } from './deployment.ts';
import { read } from './repository.ts';

// `release.test.ts` runs the commands of these files.

const image = readImage();
const compose = readCompose();

test('the units of systemd run the same programs as the image, from the same folder', () => {
  const asUnit = ([program = '', ...args]: readonly string[]) =>
    [`/usr/bin/${program}`, ...args.map((arg) => `${image.workingDirectory}/${arg}`)].join(' ');
  const commands = { server: image.command, worker: compose.services['worker']?.command ?? [] };
  for (const [unit, command] of Object.entries(commands)) {
    const file = `greenroom-${unit}.service`;
    expect(unitValues(file, 'ExecStart')).toEqual([asUnit(command)]);
    expect(unitValues(file, 'WorkingDirectory')).toEqual([image.workingDirectory]);
  }
});

test('the image and the services run as an ordinary user, with secrets that exist', () => {
  expect(image.user).toBe('node');
  const used = Object.values(compose.services).flatMap(({ secrets = [] }) => secrets);
  expect(new Set(used)).toEqual(new Set(Object.keys(compose.secrets)));
  for (const { depends_on = {} } of Object.values(compose.services)) {
    for (const other of Object.keys(depends_on)) expect(Object.keys(compose.services)).toContain(other);
  }
});

test('the services have two API processes and a worker on one image, and Prometheus with the rules', () => {
  const { 'api-1': first, 'api-2': second, worker, prometheus } = compose.services;
  for (const service of [first, second, worker]) expect(service).toMatchObject({ image: 'greenroom' });
  // Prometheus reads /etc/prometheus/prometheus.yml by default.
  expect(prometheus).toMatchObject({
    volumes: expect.arrayContaining(['./apps/release/prometheus:/etc/prometheus:ro']),
  });
  const config = parse(read('apps/release/prometheus/prometheus.yml')) as {
    rule_files: string[];
    scrape_configs: { static_configs: { targets: string[] }[] }[];
  };
  expect(config.rule_files).toEqual(['greenroom.rules.yml']);
  const port = first?.environment?.['METRICS_PORT'];
  expect(config.scrape_configs[0]?.static_configs[0]?.targets).toEqual([`api-1:${port}`, `api-2:${port}`]);
});

const skipReason = reasonWithout('SYSTEMD');
(skipReason === '' ? describe : describe.skip)(skippable('with systemd', skipReason), () => {
  test.each(['server', 'worker'])('the unit of the %s is valid and hardened', (unit) => {
    const folder = mkdtempSync(join(tmpdir(), 'greenroom-unit-'));
    const file = join(folder, `greenroom-${unit}.service`);
    // It reports programs that do not exist.
    const text = read(`apps/release/systemd/greenroom-${unit}.service`);
    writeFileSync(file, text.replace('/usr/bin/node', process.execPath));
    const analyze = (...args: string[]) => {
      const { status, stderr } = spawnSync('systemd-analyze', [...args, file], { encoding: 'utf8' });
      return { status, stderr };
    };
    expect(analyze('verify', '--man=no')).toEqual({ status: 0, stderr: '' });
    // An exposure of at most 2.0 of 10.
    expect(analyze('security', '--offline=true', '--threshold=20')).toMatchObject({ status: 0 });
    rmSync(folder, { recursive: true });
  });
});

test('the workflow runs what CI runs, with actions of fixed commits and permissions to read', () => {
  const workflow = parse(read('.github/workflows/ci.yml')) as {
    permissions: Record<string, string>;
    jobs: Record<string, { steps: { uses?: string; run?: string }[] }>;
  };
  expect(workflow.permissions).toEqual({ contents: 'read' });
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
  expect(steps.at(-1)?.run).toBe('bash .ci/run');
  const used = steps.flatMap(({ uses = [] }) => uses);
  expect(used.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(action))).toEqual([]);
});
