/** The attributes of a span. None may be a secret, a token or a customer's metadata. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** The remote context that a span continues, as the headers of W3C Trace Context have it. */
export interface RemoteContext {
  /** Undefined or malformed starts a new trace. */
  traceparent: string | undefined;
  tracestate?: string | undefined;
}

export interface SpanOptions {
  /** `internal` by default. */
  kind?: 'server' | 'client' | 'producer' | 'consumer' | 'internal';
  /** The parent: by default the span whose `run` is in progress, or none, which starts a new trace. */
  parent?: Span | RemoteContext;
  /** Now by default. */
  startedAt?: Date;
  attributes?: Attributes;
}

/** An operation that a trace shows. */
export interface Span {
  readonly traceId: string;
  /** The context that its remote children continue, for a header of W3C Trace Context. */
  readonly traceparent: string;
  setAttributes(attributes: Attributes): void;
  /** Marks it as failed, with the code of the error. */
  fail(code: string): void;
  /** Runs work whose spans are children of this one. */
  run<T>(work: () => T): T;
  /** Ends it now, or at a time. */
  end(at?: Date): void;
}

/** Records spans and exports them in the background. No method throws because of the export. */
export interface Tracing {
  startSpan(name: string, options?: SpanOptions): Span;
  /** Whether a span's `run` is in progress. */
  readonly isActive: boolean;
  /** Exports the spans that have ended, for at most two seconds. */
  stop(): Promise<void>;
}

/** The log to which failed exports are written. */
export interface TracingLog {
  warn(fields: { reason: string }, message: string): void;
}
