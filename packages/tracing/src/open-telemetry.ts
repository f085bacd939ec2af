import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';

import {
  diag,
  DiagLogLevel,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Span as LibrarySpan,
  type TextMapGetter,
  type Tracer,
} from '@opentelemetry/api';
import { setGlobalErrorHandler, W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ConsoleSpanExporter,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';

import type { TracingConfig } from './environment.ts';
import type { Program } from './open-tracing.ts';
import type { Attributes, RemoteContext, Span, SpanOptions, Tracing, TracingLog } from './tracing.ts';

/** The time to export the last spans. */
const STOP_TIMEOUT_MS = 2_000;
/** Failures within this time are logged once. */
const LOG_INTERVAL_MS = 60_000;
const MAX_REASON_LENGTH = 200;

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

const HEADERS: TextMapGetter<RemoteContext> = {
  get: (remote, name) => (name === 'traceparent' ? remote.traceparent : remote.tracestate),
  keys: () => ['traceparent', 'tracestate'],
};

/** Traces with OpenTelemetry. Sets none of the library's globals except its error handlers. */
export class OpenTelemetry implements Tracing {
  readonly #provider: BasicTracerProvider;
  readonly #tracer: Tracer;
  readonly #active = new AsyncLocalStorage<Context>();
  readonly #propagator = new W3CTraceContextPropagator();

  private constructor(exporter: SpanExporter, program: Program) {
    const resource = defaultResource()
      .merge(resourceFromAttributes({ 'service.name': program.name, 'service.version': program.version }))
      .merge(detectResources({ detectors: [serviceInstanceIdDetector, envDetector] }));
    // Its queue is bounded: while exports fail, later spans are dropped.
    const processor = new BatchSpanProcessor(exporter);
    this.#provider = new BasicTracerProvider({ resource, spanProcessors: [processor] });
    this.#tracer = this.#provider.getTracer(program.name, program.version);
  }

  static async open(config: TracingConfig, program: Program, log: TracingLog): Promise<OpenTelemetry> {
    logFailures(log);
    // The library compares it case-sensitively.
    const sampler = process.env['OTEL_TRACES_SAMPLER']?.trim().toLowerCase();
    if (sampler) process.env['OTEL_TRACES_SAMPLER'] = sampler;
    return new OpenTelemetry(await exporterOf(config), program);
  }

  get isActive(): boolean {
    return this.#active.getStore() !== undefined;
  }

  startSpan(name: string, { kind = 'internal', parent, startedAt, attributes }: SpanOptions = {}): Span {
    const context = this.#contextOf(parent);
    const options = { kind: KINDS[kind], ...(startedAt && { startTime: startedAt }) };
    const span = this.#tracer.startSpan(name, options, context);
    const started = new RecordedSpan(span, trace.setSpan(context, span), this.#active);
    if (attributes !== undefined) started.setAttributes(attributes);
    return started;
  }

  async stop(): Promise<void> {
    const stopped = this.#provider.shutdown().catch(() => undefined);
    await Promise.race([stopped, delay(STOP_TIMEOUT_MS, undefined, { ref: false })]);
  }

  #contextOf(parent: Span | RemoteContext | undefined): Context {
    if (parent === undefined) return this.#active.getStore() ?? ROOT_CONTEXT;
    if (parent instanceof RecordedSpan) return parent.context;
    return this.#propagator.extract(ROOT_CONTEXT, parent, HEADERS);
  }
}

class RecordedSpan implements Span {
  /** The context of its children. */
  readonly context: Context;
  readonly #span: LibrarySpan;
  readonly #active: AsyncLocalStorage<Context>;

  constructor(span: LibrarySpan, context: Context, active: AsyncLocalStorage<Context>) {
    this.#span = span;
    this.context = context;
    this.#active = active;
  }

  get traceId(): string {
    return this.#span.spanContext().traceId;
  }

  get traceparent(): string {
    const { traceId, spanId, traceFlags } = this.#span.spanContext();
    return `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`;
  }

  setAttributes(attributes: Attributes): void {
    this.#span.setAttributes(attributes);
  }

  fail(code: string): void {
    this.#span.setAttribute('error.type', code).setStatus({ code: SpanStatusCode.ERROR });
  }

  run<T>(work: () => T): T {
    return this.#active.run(this.context, work);
  }

  end(at?: Date): void {
    this.#span.end(at);
  }
}

async function exporterOf({ exporter, protocol }: TracingConfig): Promise<SpanExporter> {
  if (exporter === 'console') return new ConsoleSpanExporter();
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter();
}

/** Logs failed exports and dropped spans, at most once per `LOG_INTERVAL_MS`. */
function logFailures(log: TracingLog): void {
  let loggedAtMs = -Infinity;
  const failed = (reason: string): void => {
    if (performance.now() - loggedAtMs < LOG_INTERVAL_MS) return;
    loggedAtMs = performance.now();
    log.warn({ reason: reason.slice(0, MAX_REASON_LENGTH) }, 'traces cannot be exported');
  };
  setGlobalErrorHandler((error) => failed(error instanceof Error ? error.message : 'unknown'));
  const ignored = (): void => undefined;
  const logger = { error: failed, warn: failed, info: ignored, debug: ignored, verbose: ignored };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
}
