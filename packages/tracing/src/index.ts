export { tracingConfig, tracingEnvironment, type TracingConfig, type TracingProblem } from './environment.ts';
export { openTracing } from './open-tracing.ts';
export type { Attributes, Span, SpanOptions, Tracing, TracingLog } from './tracing.ts';
