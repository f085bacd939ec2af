import { startOtlpReceiver, until, type OtlpReceiver } from '@greenroom/testing';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { cleanEnv } from 'envalid';

import { tracingConfig, tracingEnvironment, type TracingConfig, type TracingProblem } from './environment.ts';
import { openTracing } from './open-tracing.ts';
import type { Tracing } from './tracing.ts';

const PROGRAM = { name: 'program', version: '1.0.0' };
const CALLER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7';

let receiver: OtlpReceiver;
let tracing: Tracing | null = null;
const logged: string[] = [];

beforeEach(async () => {
  receiver = await startOtlpReceiver();
  logged.length = 0;
});
afterEach(async () => {
  await tracing?.stop();
  await receiver[Symbol.asyncDispose]();
});

function configOf(env: Record<string, string>): TracingConfig | TracingProblem | null {
  const reporter = ({ errors }: { errors: Record<string, Error> }) => {
    for (const [name, error] of Object.entries(errors)) throw new Error(`${name}: ${error.message}`);
  };
  return tracingConfig(cleanEnv(env, tracingEnvironment, { reporter }));
}

async function open(env: Record<string, string> = {}): Promise<Tracing> {
  const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env };
  // The library reads the variables when it is opened.
  const before = process.env;
  process.env = { ...before, ...variables };
  const config = configOf(variables);
  tracing = await openTracing(config, PROGRAM, {
    warn: ({ reason }, message) => logged.push(`${message}: ${reason}`),
  });
  process.env = before;
  if (tracing === null) throw new Error('The variables do not turn traces on');
  return tracing;
}

test.each([
  [{}, null],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, 'otlp'],
  [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'otlp'],
  [{ OTEL_TRACES_EXPORTER: 'console' }, 'console'],
  [{ OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, null],
  [{ OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, null],
  [{ OTEL_SERVICE_NAME: 'program' }, null],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' }, 'otlp'],
  [{ OTEL_TRACES_EXPORTER: 'OTLP', OTEL_TRACES_SAMPLER: 'Always_On' }, 'otlp'],
  [{ OTEL_SDK_DISABLED: 'TRUE', OTEL_TRACES_EXPORTER: 'otlp' }, null],
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_TRACES_SAMPLER: 'sometimes' }, null],
])('%j makes traces: %s', (env, exporter) => {
  const config = configOf(env);
  expect(config === null || 'problem' in config ? config : config.exporter).toBe(exporter);
});

test('the protocol for traces overrides the general one', () => {
  const env = {
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'HTTP/JSON',
  };
  expect(configOf(env)).toEqual({ exporter: 'otlp', protocol: 'http/json' });
});

test.each([
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
  ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'collector:4318'],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
  ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'grpc'],
  ['OTEL_TRACES_EXPORTER', 'zipkin'],
  ['OTEL_TRACES_SAMPLER', 'sometimes'],
  ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
])('%s=%s disables tracing, with a warning that does not quote the value', async (name, value) => {
  const config = configOf({
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_TRACES_SAMPLER: 'traceidratio',
    [name]: value,
  });
  const opened = await openTracing(config, PROGRAM, {
    warn: ({ reason }, message) => logged.push(`${message}: ${reason}`),
  });
  expect(opened).toBeNull();
  expect(logged).toEqual([
    expect.stringMatching(new RegExp(`^tracing is disabled: ${name}: must be (?!.*${value})`)),
  ]);
});

test('spans are exported as Protocol Buffers, and the last ones when the program stops', async () => {
  (await open()).startSpan('work').end();
  await tracing?.stop();
  expect(receiver.requests).toMatchObject([{ contentType: 'application/x-protobuf' }]);
  expect(receiver.requests[0]?.body).toContain('work');
});

test('a span continues the trace of its caller, and its children are those of the work that it runs', async () => {
  const opened = await open({ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
  const parent = opened.startSpan('parent', { parent: { traceparent: `${CALLER}-01` } });
  await parent.run(async () => {
    await Promise.resolve();
    opened.startSpan('child').end();
  });
  opened.startSpan('other').end();
  parent.end();
  await opened.stop();
  const [child, other, ended] = receiver.spans;
  expect(ended).toMatchObject({ name: 'parent', parentSpanId: '00f067aa0ba902b7' });
  expect(child).toMatchObject({ traceId: ended?.traceId, parentSpanId: ended?.spanId });
  expect(other).toMatchObject({ name: 'other', parentSpanId: '' });
  expect(parent.traceparent).toBe(`00-${ended?.traceId}-${ended?.spanId}-01`);
});

test.each(['', 'garbage', CALLER, '00-00000000000000000000000000000000-00f067aa0ba902b7-01'])(
  'the malformed context %j starts a new trace',
  async (traceparent) => {
    const span = (await open()).startSpan('work', { parent: { traceparent } });
    expect(span.traceparent).toMatch(/^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(span.traceId).not.toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  },
);

test('a trace that the caller does not record is not recorded here, and its context says so', async () => {
  const opened = await open();
  const span = opened.startSpan('work', { parent: { traceparent: `${CALLER}-00` } });
  expect(span.traceparent).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-00$/);
  span.end();
  await opened.stop();
  expect(receiver.requests).toEqual([]);
});

test('a sampler whose name is in capitals is used', async () => {
  const opened = await open({ OTEL_TRACES_SAMPLER: 'ALWAYS_OFF' });
  opened.startSpan('work').end();
  await opened.stop();
  expect(receiver.requests).toEqual([]);
});

test('a collector that rejects the spans is named in the log once', async () => {
  receiver.respondWith(400);
  const opened = await open({ OTEL_BSP_SCHEDULE_DELAY: '10' });
  for (let count = 1; count <= 3; count += 1) {
    opened.startSpan('work').end();
    await until(() => receiver.requests.length >= count);
  }
  await opened.stop();
  expect(logged).toEqual([expect.stringMatching(/^traces cannot be exported: /)]);
});

test('the number of spans that wait for a collector is limited', async () => {
  const opened = await open({ OTEL_BSP_MAX_QUEUE_SIZE: '10', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
  for (let count = 0; count < 100; count += 1) opened.startSpan('work').end();
  await opened.stop();
  // The spans of the batch in progress, and those that wait.
  expect(receiver.spans.length).toBeLessThanOrEqual(20);
});
