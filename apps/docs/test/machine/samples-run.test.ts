import { startTestServer, type TestServer } from '@greenroom/api/testing';
import { claimed, registerWorker } from '@greenroom/api/testing/worker';
import { type Operation, operationsOf, publicDocument } from '@greenroom/contract/document';
import { reasonWithout, skippable, until } from '@greenroom/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { exampleRequest } from '../../src/machine/samples/example-request.ts';
import { samplesOf, type Sample } from '../../src/machine/samples/samples.ts';
import { startMediaWorker } from '../harness/media-worker.ts';
import { liveSession, ownObject } from '../harness/own-objects.ts';
import { runEndlessSample, runSample } from '../harness/run-sample.ts';
import { declaredSuccess, faultsOf, itemsOf } from '../harness/success.ts';

const document = publicDocument();
const operations = operationsOf(document);
const cases = (
  await Promise.all(
    operations.map(async (operation) =>
      (await samplesOf(document, operation)).map((sample) => ({ operation, sample })),
    ),
  )
).flat();

let server: TestServer;
let stopMediaWorker: () => Promise<void>;

beforeAll(async () => {
  server = await startTestServer();
  await endedSession();
  await liveSession(server);
  stopMediaWorker = await startMediaWorker(server);
});
afterAll(async () => {
  await stopMediaWorker();
  await server.close();
});

/** Ends a session that a worker has performed, so that there is something to bill. */
async function endedSession(): Promise<void> {
  await liveSession(server);
  const worker = await registerWorker(server);
  const assignment = await claimed(worker);
  await worker.reported(assignment, { state: 'starting' });
  await worker.reported(assignment, { state: 'running', frames: 25, media_ms: 1000 });
  await worker.reported(assignment, { state: 'ended', frames: 50, media_ms: 2000 });
}

/** Returns the sample with the ids of existing objects instead of the examples, as a reader edits it. */
async function withOwnObjects(sample: Sample, operation: Operation): Promise<Sample> {
  let { source } = sample;
  for (const { name, value } of exampleRequest(document, operation).path) {
    source = source.replace(String(value), await ownObject(server, name));
  }
  return { ...sample, source };
}

/** Returns the statuses of the server's responses to an operation, from its log. */
function statusesOf(operationId: string): number[] {
  return server.logLines
    .map((line) => JSON.parse(line) as { operation?: string; status: number; msg: string })
    .filter(({ msg, operation }) => msg === 'request' && operation === operationId)
    .map(({ status }) => status);
}

const isStream = ({ operation }: (typeof cases)[number]) =>
  exampleRequest(document, operation).response.kind === 'events';

/** Why samples in a language are skipped; empty when they run. */
const withoutTool = { sh: reasonWithout('CURL'), py: reasonWithout('PYTHON'), js: '' };

function testEach(
  name: string,
  all: typeof cases,
  run: (one: (typeof cases)[number]) => Promise<void>,
): void {
  for (const language of ['sh', 'py', 'js'] as const) {
    const reason = withoutTool[language];
    const ofLanguage = all.filter(({ sample }) => sample.language === language);
    (reason === '' ? test : test.skip).each(ofLanguage)(skippable(name, reason), run);
  }
}

testEach(
  '$operation.object.operationId by $sample.id succeeds and prints the documented response',
  cases.filter((one) => !isStream(one)),
  runsWell,
);
testEach(
  '$operation.object.operationId by $sample.id prints events as they happen',
  cases.filter(isStream),
  printsEvents,
);

async function printsEvents({ sample }: (typeof cases)[number]): Promise<void> {
  const target = { url: server.url, key: server.keys.test };
  const printed = await runEndlessSample(sample, target, {
    printed: /session\.ended/,
    produce: endedSession,
  });
  expect(printed).toMatch(/"type":"session\.ended"|\\"type\\":\\"session\.ended\\"/);
}

async function runsWell({ operation, sample }: (typeof cases)[number]): Promise<void> {
  const { operationId } = operation.object;
  // Ensures that there is one to list: the first one may be over by now.
  if (operationId === 'sessions.list') await liveSession(server);
  const ready = await withOwnObjects(sample, operation);
  const before = statusesOf(operationId).length;

  const { printed, stderr } = await runSample(ready, { url: server.url, key: server.keys.test });

  expect(stderr).toBe('');
  await until(() => Promise.resolve(statusesOf(operationId).length > before));
  const { status, schema } = declaredSuccess(document, operation);
  expect(new Set(statusesOf(operationId).slice(before))).toEqual(new Set([status]));
  if (schema === null) {
    expect(printed).toEqual([]);
    return;
  }
  expect(printed.length).toBeGreaterThan(0);
  const pages = exampleRequest(document, operation).response.kind === 'pages';
  const shape = pages && sample.id === 'client' ? itemsOf(document, schema) : schema;
  for (const value of printed) expect(faultsOf(document, shape, value)).toEqual([]);
}
