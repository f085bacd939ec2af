import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { startTestServer, type TestServer } from '@greenroom/api/testing';
import { publicDocument } from '@greenroom/contract/document';
import { nodeArguments, reasonWithout, skippable } from '@greenroom/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { GUIDES } from '../src/pages/guide-pages.ts';
import { landingPage } from '../src/pages/landing-page.ts';
import { checkedOf, runnablesOf, type Runnable } from './harness/runnables.ts';
import { startSimulator } from './harness/simulator.ts';

const FOLDER = new URL('../guides/', import.meta.url);
const HERE = fileURLToPath(new URL('.', import.meta.url));
const MAX_LINES = 120;

const textOf = (guide: string) => readFile(new URL(`${guide}.md`, FOLDER), 'utf8');
const guides = await Promise.all(GUIDES.map(async (name) => ({ name, text: await textOf(name) })));

let server: TestServer;
let stopSimulator: () => Promise<void>;
/** The folder in which a reader saves the guides' files. */
let workDir: string;

beforeAll(async () => {
  server = await startTestServer({ webhooks: { allowLoopback: true } });
  stopSimulator = await startSimulator({ url: server.url, key: server.keys.worker });
  workDir = await mkdtemp(join(HERE, 'guides-'));
  for (const { file, source } of guides.flatMap(({ text }) => runnablesOf(text))) {
    if (file !== null) await writeFile(join(workDir, file), source);
  }
});
afterAll(async () => {
  await stopSimulator();
  await server.close();
  await rm(workDir, { recursive: true });
});

async function run({ language, file, source }: Runnable): Promise<string> {
  const [program, args]: [string, string[]] =
    language === 'sh' ? ['bash', ['-euc', source]] : [process.execPath, nodeArguments(file ?? '')];
  const { stdout } = await promisify(execFile)(program, args, {
    cwd: workDir,
    env: { PATH: process.env['PATH'], GREENROOM_URL: server.url, GREENROOM_API_KEY: server.keys.test },
  });
  return stdout;
}

const withoutCurl = reasonWithout('CURL');

/** Commands that check a program without running it, and the reason when one is missing. */
const CHECKS: Record<string, { command: [string, string[]]; reason: string }> = {
  js: { command: [process.execPath, ['--check']], reason: '' },
  python: {
    command: ['python3', ['-c', 'import ast, sys; ast.parse(open(sys.argv[1]).read())']],
    reason: reasonWithout('PYTHON'),
  },
};

(withoutCurl === '' ? test : test.skip)(
  skippable('the request of the home page creates a session as pasted', withoutCurl),
  async () => {
    const home = landingPage(publicDocument(), []);
    const code = home.blocks.flatMap((block) => (block.kind === 'code' ? [block.code] : []));
    expect(code).toHaveLength(1);
    // A browser fills in the address of the page's server.
    const source = code[0]?.source.replace('http://localhost:4000', server.url) ?? '';
    expect(JSON.parse(await run({ language: 'sh', file: null, source }))).toMatchObject({
      object: 'session',
      status: 'queued',
    });
  },
);

test('every guide of the folder is on the site', async () => {
  const names = (await readdir(FOLDER)).map((file) => file.replace(/\.md$/, ''));
  expect(names.sort()).toEqual([...GUIDES].sort());
});

describe.each(guides)('$name', ({ text }) => {
  test('is short', () => {
    expect(text.split('\n').length).toBeLessThan(MAX_LINES);
  });

  test('has runnable code and names every program', () => {
    const runnables = runnablesOf(text);
    expect(runnables.length).toBeGreaterThan(0);
    expect(runnables.filter(({ language, file }) => (language === 'js') !== (file !== null))).toEqual([]);
  });

  const ofShell = runnablesOf(text).filter(({ language }) => language === 'sh');
  const programs = runnablesOf(text).filter(({ language }) => language !== 'sh');
  if (ofShell.length > 0) {
    (withoutCurl === '' ? test : test.skip).each(ofShell)(
      skippable('its code runs: $source', withoutCurl),
      runs,
    );
  }
  if (programs.length > 0) test.each(programs)('its code runs: $file', runs);

  for (const { language, file, source } of checkedOf(text)) {
    // Not every machine has a Go compiler.
    const check = CHECKS[language];
    if (check === undefined) continue;
    const { command, reason } = check;
    (reason === '' ? test : test.skip)(
      skippable(`its program is well-formed: ${file ?? ''}`, reason),
      async () => {
        const path = join(workDir, file ?? '');
        await writeFile(path, source);
        const [program, args] = command;
        await promisify(execFile)(program, [...args, path]);
      },
    );
  }

  async function runs(runnable: Runnable): Promise<void> {
    const printed = await run(runnable);
    // A module that others import prints nothing.
    if (!/^export /m.test(runnable.source)) expect(printed).not.toBe('');
  }
});
