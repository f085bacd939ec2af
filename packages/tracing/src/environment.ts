import { makeValidator, str } from 'envalid';

export interface TracingConfig {
  exporter: 'otlp' | 'console';
  /** The protocol of the exporter `otlp`. */
  protocol: 'http/protobuf' | 'http/json';
}

/** Why tracing is disabled, although the variables ask for it. */
export interface TracingProblem {
  problem: string;
}

const EXPORTERS = ['otlp', 'console', 'none'] as const;
const PROTOCOLS = ['http/protobuf', 'http/json'] as const;
const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

const lowerCase = makeValidator((text: string) => text.trim().toLowerCase());

/**
 * The variables that turn traces on and choose among them. The library reads these and the other standard variables,
 * such as `OTEL_EXPORTER_OTLP_HEADERS` and `OTEL_BSP_MAX_QUEUE_SIZE`. They may be set for every program of a machine,
 * so an invalid one does not prevent a start: `tracingConfig` reports it.
 */
export const tracingEnvironment = {
  OTEL_EXPORTER_OTLP_ENDPOINT: str({
    default: '',
    desc: 'Address of an OpenTelemetry collector, to which traces are exported; without it, none are made',
  }),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: str({
    default: '',
    desc: 'The whole URL to which traces are exported, in place of OTEL_EXPORTER_OTLP_ENDPOINT',
  }),
  OTEL_EXPORTER_OTLP_PROTOCOL: lowerCase({
    default: 'http/protobuf',
    desc: 'Encoding of exported traces: http/protobuf or http/json',
  }),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: lowerCase({
    default: '',
    desc: 'Encoding of exported traces, in place of OTEL_EXPORTER_OTLP_PROTOCOL',
  }),
  OTEL_TRACES_EXPORTER: lowerCase({
    default: '',
    desc: 'otlp, even without an address of the collector; console, which prints them; or none',
  }),
  OTEL_SERVICE_NAME: str({ default: '', desc: 'Name of the program in traces' }),
  OTEL_TRACES_SAMPLER: lowerCase({
    default: 'parentbased_always_on',
    desc: 'Which traces are recorded; the parentbased ones follow the decision of the caller',
  }),
  OTEL_TRACES_SAMPLER_ARG: str({
    default: '',
    desc: 'The part of the traces that the traceidratio samplers record, from 0 to 1',
  }),
  OTEL_SDK_DISABLED: lowerCase({ default: 'false', desc: 'true disables tracing' }),
} as const;

type Values = Record<keyof typeof tracingEnvironment, string>;

/**
 * Returns the tracing configuration; null when no variable turns tracing on, or the problem with one that is invalid.
 */
export function tracingConfig(values: Values): TracingConfig | TracingProblem | null {
  const endpointName =
    values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT === ''
      ? 'OTEL_EXPORTER_OTLP_ENDPOINT'
      : 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';
  const endpoint = values[endpointName];
  const wanted = values.OTEL_TRACES_EXPORTER || (endpoint === '' ? 'none' : 'otlp');
  if (wanted === 'none' || values.OTEL_SDK_DISABLED === 'true') return null;
  const exporter = EXPORTERS.find((known) => known === wanted);
  if (exporter === undefined || exporter === 'none') return notOneOf('OTEL_TRACES_EXPORTER', EXPORTERS);
  if (!SAMPLERS.some((known) => known === values.OTEL_TRACES_SAMPLER)) {
    return notOneOf('OTEL_TRACES_SAMPLER', SAMPLERS);
  }
  const ratio = values.OTEL_TRACES_SAMPLER_ARG;
  if (values.OTEL_TRACES_SAMPLER.endsWith('traceidratio') && ratio !== '' && !isRatio(ratio)) {
    return { problem: 'OTEL_TRACES_SAMPLER_ARG: must be a number from 0 to 1' };
  }
  if (exporter === 'console') return { exporter, protocol: 'http/protobuf' };
  const protocolName =
    values.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL === ''
      ? 'OTEL_EXPORTER_OTLP_PROTOCOL'
      : 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL';
  const protocol = PROTOCOLS.find((known) => known === values[protocolName]);
  if (protocol === undefined) return notOneOf(protocolName, PROTOCOLS);
  if (endpoint !== '' && !isHttpUrl(endpoint)) {
    return { problem: `${endpointName}: must be an http:// or https:// URL` };
  }
  return { exporter, protocol };
}

// Problems quote no value: it may contain a password.
function notOneOf(name: keyof Values, known: readonly string[]): TracingProblem {
  return { problem: `${name}: must be ${known.join(' or ')}` };
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function isRatio(text: string): boolean {
  return /^[\d.]+$/.test(text) && Number(text) <= 1;
}
