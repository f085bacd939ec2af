import { makeValidator, str } from 'envalid';

export interface TracingConfig {
  exporter: 'otlp' | 'console';
  /** The protocol of the exporter `otlp`. */
  protocol: 'http/protobuf' | 'http/json';
}

function oneOf<const Value extends string>(...values: Value[]) {
  return makeValidator((text: string): Value => {
    const value = values.find((known) => known === text);
    if (value === undefined) throw new Error(`must be ${values.join(' or ')}`);
    return value;
  });
}

// Quotes no value: it may contain a password.
const httpUrl = makeValidator((text: string) => {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new Error('must be an http:// or https:// URL');
  }
  return text;
});

const ratio = makeValidator((text: string) => {
  const value = Number(text);
  if (!/^[\d.]+$/.test(text) || !(value <= 1)) throw new Error('must be a number from 0 to 1');
  return value;
});

/**
 * The variables that turn traces on and choose among them. The library reads these and the other standard variables, such
 * as `OTEL_EXPORTER_OTLP_HEADERS` and `OTEL_BSP_MAX_QUEUE_SIZE`.
 */
export const tracingEnvironment = {
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl({
    default: undefined,
    desc: 'Address of an OpenTelemetry collector, to which traces are exported; without it, none are made',
  }),
  OTEL_EXPORTER_OTLP_PROTOCOL: oneOf(
    'http/protobuf',
    'http/json',
  )({
    default: 'http/protobuf',
    desc: 'Encoding of exported traces: http/protobuf or http/json',
  }),
  OTEL_TRACES_EXPORTER: oneOf(
    'otlp',
    'console',
    'none',
  )({
    default: undefined,
    desc: 'otlp, also without an address of the collector; console, which prints them; or none',
  }),
  OTEL_SERVICE_NAME: str({ default: '', desc: 'Name of the program in traces' }),
  OTEL_TRACES_SAMPLER: oneOf(
    ...['always_on', 'always_off', 'traceidratio'],
    ...['parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'],
  )({
    default: 'parentbased_always_on',
    desc: 'Which traces are recorded; the parentbased ones follow the decision of the caller',
  }),
  OTEL_TRACES_SAMPLER_ARG: ratio({
    default: undefined,
    desc: 'The part of the traces that the traceidratio samplers record, from 0 to 1',
  }),
  OTEL_SDK_DISABLED: oneOf('true', 'false')({ default: 'false', desc: 'true disables tracing' }),
} as const;

/** Returns how to trace; null without the variables that turn it on. */
export function tracingConfig(values: {
  OTEL_EXPORTER_OTLP_ENDPOINT: string | undefined;
  OTEL_EXPORTER_OTLP_PROTOCOL: TracingConfig['protocol'];
  OTEL_TRACES_EXPORTER: TracingConfig['exporter'] | 'none' | undefined;
  OTEL_SDK_DISABLED: 'true' | 'false';
}): TracingConfig | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: protocol } = values;
  const exporter = values.OTEL_TRACES_EXPORTER ?? (endpoint === undefined ? 'none' : 'otlp');
  if (exporter === 'none' || values.OTEL_SDK_DISABLED === 'true') return null;
  return { exporter, protocol };
}
