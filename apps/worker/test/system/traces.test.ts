import {
  sessionCreate,
  startOtlpReceiver,
  traceTree,
  until,
  type OtlpReceiver,
  type ReceivedSpan,
} from '@greenroom/testing';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';

import type { Program } from '../harness/program.ts';
import { startSystem, type System } from '../harness/system.ts';
import { waitForTerminal } from '../harness/wait-for-terminal.ts';

jest.setTimeout(150_000);

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const CREATE_ID = 'req_01KKGP79VGVVNAJTS2PNVX0WS3';
/** OTLP's kind of a span that calls another program. */
const CLIENT = 3;
const METADATA = 'a-value-of-the-customer';

let receiver: OtlpReceiver;
let system: System;
let worker: Program;
let sessionId: string;

/** The spans of the trace that the customer began. */
const traced = () => receiver.spans.filter(({ traceId }) => traceId === TRACE_ID);
const named = (name: string) => traced().filter((span) => span.name === name);
const isStatement = ({ attributes }: ReceivedSpan) => 'db.system.name' in attributes;

/** A report that a later one replaced while it waited: a slow server may not have got it. */
const isCanceled = ({ attributes }: ReceivedSpan) => attributes['greenroom.call.canceled'] === true;

/** Whether the span of each other report has been received, and that of the server below it. */
function areComplete(spans: readonly ReceivedSpan[]): boolean {
  const calls = spans.filter((span) => span.name === 'assignments.report' && span.kind === CLIENT);
  return calls.every(
    (call) => isCanceled(call) || spans.some(({ parentSpanId }) => parentSpanId === call.spanId),
  );
}

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '100',
  };
  system = await startSystem({ env });
  worker = await system.startWorker(env);
  const body = await sessionCreate({ metadata: { customer: METADATA }, idle_timeout_seconds: 60 });
  const { id } = await system.greenroom.sessions.create(body, {
    headers: { traceparent: `00-${TRACE_ID}-${CALLER}-01`, 'X-Request-Id': CREATE_ID },
  });
  sessionId = id;
  await system.greenroom.sessions.waitFor(id, ['running'], { pollIntervalMs: 20 });
  await system.greenroom.sessions.end(id);
  await waitForTerminal(system.greenroom, id);
  await until(() => named('session.perform').length === 1 && areComplete(traced()));
});
afterAll(async () => {
  await system[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
});

test('the trace of a caller continues through its request, the queue and the claim into the room of the worker', () => {
  const describe = ({ service, name, attributes }: ReceivedSpan) =>
    [service, name, attributes['greenroom.report.state']].filter(Boolean).join(' ');
  const canceled = new Set(
    traced()
      .filter(isCanceled)
      .map(({ spanId }) => spanId),
  );
  const steps = traced().filter((span) => !isStatement(span) && !canceled.has(span.parentSpanId));
  expect(traceTree(steps, describe, CALLER)).toEqual([
    'greenroom-api sessions.create',
    '  greenroom-api session.queue',
    '  greenroom-api workers.claim',
    '  greenroom-worker session.perform',
    '    greenroom-worker room.join',
    '    greenroom-worker assignments.report starting',
    '    greenroom-worker room.first_frame',
    '    greenroom-worker assignments.report running',
    '      greenroom-api assignments.report',
    '    greenroom-worker room.leave',
    '    greenroom-worker assignments.report ended',
    '      greenroom-api assignments.report',
  ]);
  expect(steps.filter(({ statusCode }) => statusCode === 2)).toEqual([]);
  expect(named('session.perform')[0]?.attributes).toMatchObject({
    'greenroom.session.id': sessionId,
    'greenroom.assignment': 'ended',
  });
});

test('the statements of a request are spans below it', () => {
  const [create] = named('sessions.create');
  const statements = traced().filter((span) => isStatement(span) && span.parentSpanId === create?.spanId);
  expect(statements.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['INSERT assignments', 'COMMIT']),
  );
  expect(create?.attributes).toMatchObject({
    'http.request.method': 'POST',
    'http.route': '/v1/sessions',
    'http.response.status_code': 201,
    'greenroom.request.id': CREATE_ID,
    'greenroom.organisation.id': 'dev',
  });
});

test('failures have the codes of the document, in the request and in the room', async () => {
  const body = await sessionCreate({ avatar_id: 'av_missing' });
  await expect(system.greenroom.sessions.create(body)).rejects.toMatchObject({ code: 'avatar.not_found' });
  const { id } = await system.create({ metadata: { simulate: 'token_expired' } });
  const hasCode = (name: string, code: string) => () =>
    receiver.spans.some((span) => span.name === name && span.attributes['error.type'] === code);
  await until(hasCode('sessions.create', 'avatar.not_found'));
  await until(hasCode('room.join', 'room.token_rejected'));
  await until(() =>
    receiver.spans.some(
      ({ name, statusCode, attributes }) =>
        name === 'session.perform' && statusCode === 2 && attributes['greenroom.session.id'] === id,
    ),
  );
});

test('a trace contains no secret, token or metadata', () => {
  const text = receiver.requests.map(({ body }) => body).join('\n');
  expect(text).toContain(sessionId);
  for (const secret of [METADATA, 'eyJ', 'sk_test_', 'wk_']) expect(text).not.toContain(secret);
});

test('every line about a request has its id, in the log of the API and of the worker', async () => {
  const ofApi = lines(system.apis[0]);
  const ofWorker = lines(worker).filter(({ session }) => session === sessionId);
  expect(ofWorker.map(({ msg }) => msg)).toEqual(
    expect.arrayContaining(['session started', 'session ended']),
  );
  for (const line of ofWorker) expect(line).toMatchObject({ request_id: CREATE_ID, trace_id: TRACE_ID });
  // The worker's own calls, in both logs.
  const isLogged = (id: unknown) => ofApi.some(({ request_id: known }) => known === id);
  expect(isLogged(ofWorker[0]?.['claim_request_id'])).toBe(true);
  expect(isLogged(lines(worker).find(({ msg }) => msg === 'registered')?.['request_id'])).toBe(true);
  const requests = ofApi.filter(({ msg }) => msg === 'request');
  expect(requests.filter(({ request_id: id }) => !String(id).startsWith('req_'))).toEqual([]);
  expect(requests.find(({ request_id: id }) => id === CREATE_ID)).toMatchObject({ trace_id: TRACE_ID });
});

test('requests succeed while the traces cannot be exported, and the log says so', async () => {
  receiver.respondWith(400);
  const { id } = await system.create();
  await system.greenroom.sessions.end(id);
  await system.apis[0]?.printed(/traces cannot be exported/);
});

function lines(program: Program | undefined): Record<string, unknown>[] {
  const text = program?.output() ?? '';
  return Array.from(text.matchAll(/^\{.*\}$/gm), ([line]) => JSON.parse(line) as Record<string, unknown>);
}
