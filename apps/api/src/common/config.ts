import { ConfigError, flag, logLevel, readSettings } from '@greenroom/settings';
import {
  tracingConfig,
  tracingEnvironment,
  type TracingConfig,
  type TracingProblem,
} from '@greenroom/tracing';
import { makeValidator, str } from 'envalid';
import { parse } from 'pg-connection-string';

export interface RateLimitConfig {
  requestsPerSecond: number;
  createsPerSecond: number;
  /** The limit of a worker key, which many workers can share. */
  workerRequestsPerSecond: number;
  /** The limit of an address, for its requests without a usable key. */
  anonymousRequestsPerSecond: number;
}

/** Time limits of a session's states. */
export interface DeadlineConfig {
  /** The limit for a queued session to be claimed. */
  joinDeadlineSeconds: number;
  /** The limit for a starting session to have its first frame. */
  firstFrameDeadlineSeconds: number;
  /** The limit for the worker of an ending session to leave. */
  drainDeadlineSeconds: number;
}

/** Settings that the server sends to workers. */
export interface DispatchConfig {
  /** A worker without a report for this time loses its session. */
  leaseSeconds: number;
  reportIntervalSeconds: number;
}

export interface SessionConfig extends DeadlineConfig, DispatchConfig {
  /** AES-256 key for worker tokens at rest. */
  tokenKey: Buffer;
  /** Whether `ws://` is accepted for the customer's LiveKit server. */
  allowInsecureUrls: boolean;
}

export interface WebhookConfig {
  /** Whether `http://` and loopback addresses are accepted for webhook endpoints. */
  allowLoopback: boolean;
}

/** How long records are kept. */
export interface RetentionConfig {
  /** Sessions that are over, with their events. */
  sessionDays: number;
  /** Usage events, by whole months. At least as long as their sessions. */
  usageDays: number;
  /** Credit entries, whose sum remains. */
  ledgerDays: number;
  auditDays: number;
}

/** Where the metrics of a process are served. */
export interface MetricsConfig {
  port: number;
  host: string;
}

export interface Config {
  port: number;
  host: string;
  /** Null serves no metrics. */
  metrics: MetricsConfig | null;
  /** Null disables tracing. */
  tracing: TracingConfig | TracingProblem | null;
  /** Null starts the embedded PostgreSQL. */
  databaseUrl: string | null;
  databasePoolSize: number;
  dataDir: string;
  /** The folder of the built documentation; null serves none. */
  docsDir: string | null;
  /** The folder of the built console; null serves none. */
  consoleDir: string | null;
  /** Null generates one at the first start and keeps it in the data directory. */
  tokenKey: Buffer | null;
  logLevel: string;
  devOrg: boolean;
  maxInFlight: number;
  trustProxy: boolean;
  rateLimits: RateLimitConfig;
  sessions: Omit<SessionConfig, 'tokenKey'>;
  webhooks: WebhookConfig;
  retention: RetentionConfig;
}

const TOKEN_KEY_BYTES = 32;

// Replaces envalid's validators, which quote the value: it may be a secret in the wrong variable.
const port = makeValidator((text: string) => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 65_535) throw new Error('must be a port from 1 to 65535');
  return value;
});

const postgresUrl = makeValidator((given: string) => {
  const text = withVerifiedTls(given);
  if (!/^postgres(?:ql)?:\/\//.test(text)) throw new Error('must be a URL that begins with postgresql://');
  // Accepts what the driver can open. The driver's own message could quote the password.
  const parsed = parsePostgresUrl(text);
  if (parsed.host?.includes(',')) throw new Error('names several hosts, which is not supported. Name one');
  if (parsed.port && !/^\d+$/.test(parsed.port)) throw new Error('has a port that is not a number');
  return text;
});

/**
 * Replaces the modes that the driver treats as `verify-full`, each time with a long warning. libpq's weaker meaning
 * needs `uselibpqcompat=true`.
 */
function withVerifiedTls(text: string): string {
  if (/[?&]uselibpqcompat=true(?:&|$)/.test(text)) return text;
  return text.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, '$1verify-full');
}

/** Parses as the driver does, including the files of certificates. */
function parsePostgresUrl(text: string): ReturnType<typeof parse> {
  try {
    return parse(text);
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'syscall' in error) {
      throw new Error('names a file in sslrootcert, sslcert or sslkey that cannot be read', { cause: error });
    }
    throw new Error(
      'is not a valid URL. Encode special characters in the user name and password (# as %23, / as %2F, @ as %40), and name one host with one port up to 65535',
      { cause: error },
    );
  }
}

const tokenKey = makeValidator((text: string) => {
  const key = Buffer.from(text, 'base64');
  if (key.length !== TOKEN_KEY_BYTES) throw new Error(`must be ${TOKEN_KEY_BYTES} bytes in base64`);
  return key;
});

const positive = makeValidator((text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error('must be an integer of at least 1');
  return value;
});

/** The longest retention: 100 years. */
const MAX_DAYS = 36_500;

/** Returns the validator of a number of days. */
const days = (minimum: number) =>
  makeValidator((text: string) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= minimum && value <= MAX_DAYS) return value;
    throw new Error(`must be an integer from ${minimum} to ${MAX_DAYS}`);
  });

/** Every environment variable that the server reads. README has the same list; a test compares them. */
export const environment = {
  PORT: port({ default: 4000, desc: 'Port of the API' }),
  HOST: str({ default: '127.0.0.1', desc: 'Address to listen on; 0.0.0.0 for all' }),
  METRICS_PORT: port({
    default: undefined,
    desc: 'Port of the metrics for Prometheus; without it, none are collected',
  }),
  METRICS_HOST: str({
    default: '127.0.0.1',
    desc: 'Address on which the metrics are served; 0.0.0.0 for all',
  }),
  DATABASE_URL: postgresUrl({
    default: '',
    desc: 'External PostgreSQL; without it, an embedded one is started',
  }),
  DATABASE_POOL_SIZE: positive({ default: 20, desc: 'Connections to PostgreSQL per process' }),
  GREENROOM_DATA_DIR: str({
    default: '.greenroom',
    desc: 'Folder for the embedded PostgreSQL, the keys and dev.json',
  }),
  GREENROOM_DOCS_DIR: str({
    default: '',
    desc: 'Folder of the built portal, served under /docs/; without it, the portal is not served',
  }),
  GREENROOM_CONSOLE_DIR: str({
    default: '',
    desc: 'Folder of the built console, served under /console/; without it, the console is not served',
  }),
  GREENROOM_TOKEN_KEY: tokenKey({
    default: Buffer.alloc(0),
    desc: '32 bytes in base64 that encrypt worker tokens at rest; the same on every process',
  }),
  GREENROOM_DEV_ORG: flag({
    default: true,
    desc: 'Create the organisation `dev` with one test and one live key; off by default when NODE_ENV is production',
  }),
  GREENROOM_ALLOW_INSECURE_URLS: flag({ default: false, desc: 'Accept ws:// for LiveKit servers' }),
  GREENROOM_ALLOW_LOCAL_WEBHOOKS: flag({
    default: false,
    desc: 'Accept http:// and loopback addresses for webhook endpoints, for development',
  }),
  GREENROOM_JOIN_DEADLINE_SECONDS: positive({ default: 60, desc: 'How long a session waits for a worker' }),
  GREENROOM_FIRST_FRAME_DEADLINE_SECONDS: positive({
    default: 30,
    desc: 'How long a worker may take from its first report to the first video frame',
  }),
  GREENROOM_DRAIN_DEADLINE_SECONDS: positive({
    default: 30,
    desc: 'How long a worker may take to finish and leave the room',
  }),
  GREENROOM_LEASE_SECONDS: positive({
    default: 15,
    desc: 'A worker that is silent for this long loses its session',
  }),
  GREENROOM_REPORT_INTERVAL_SECONDS: positive({
    default: 5,
    desc: 'How often workers are asked to report; less than half of the lease',
  }),
  GREENROOM_REQUESTS_PER_SECOND: positive({
    default: 100,
    desc: 'Requests per second per key, across all processes',
  }),
  GREENROOM_CREATES_PER_SECOND: positive({
    default: 20,
    desc: 'Session creates per second per key, across all processes',
  }),
  GREENROOM_WORKER_REQUESTS_PER_SECOND: positive({
    default: 1000,
    desc: 'Requests per second per worker key, across all processes; workers with the same key share the limit',
  }),
  GREENROOM_ANONYMOUS_REQUESTS_PER_SECOND: positive({
    default: 1000,
    desc: 'Requests per second per address without a usable key; a request with an unknown key counts as 20',
  }),
  GREENROOM_MAX_IN_FLIGHT: positive({
    default: 1000,
    desc: 'Requests that a process serves at once, at most a quarter of them for one organisation; others get 503',
  }),
  GREENROOM_TRUST_PROXY: flag({
    default: false,
    desc: 'Take the caller’s address from the X-Forwarded-For header of the nearest proxy',
  }),
  // Not below the 24 hours for which a create can be repeated.
  GREENROOM_SESSION_RETENTION_DAYS: days(2)({
    default: 365,
    desc: 'How long sessions and their events are kept',
  }),
  GREENROOM_USAGE_RETENTION_DAYS: days(2)({
    default: 2555,
    desc: 'How long usage events are kept, in whole months and at least as long as sessions; monthly totals are kept forever',
  }),
  // Not below the month whose included credits must be granted once.
  GREENROOM_LEDGER_RETENTION_DAYS: days(62)({
    default: 2555,
    desc: 'How long entries of the credit history are kept; after that, only their sum is',
  }),
  GREENROOM_AUDIT_RETENTION_DAYS: days(1)({ default: 1095, desc: 'How long audit entries are kept' }),
  GREENROOM_OPERATOR: str({
    default: '',
    desc: 'Your name in the audit log of `greenroom`; by default, the operating system’s user',
  }),
  LOG_LEVEL: logLevel({ default: 'info', desc: 'Least severe log line to write' }),
  ...tracingEnvironment,
} as const;

/** Settings whose values can also be in a file, which `<name>_FILE` names. README has the same list. */
export const secrets = ['DATABASE_URL', 'GREENROOM_TOKEN_KEY'] as const;

/**
 * Reads the environment. An empty variable counts as unset.
 *
 * @throws {ConfigError} which names every invalid variable, and never its value
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const values = readSettings(env, environment, { secrets });
  if (values.GREENROOM_LEASE_SECONDS <= 2 * values.GREENROOM_REPORT_INTERVAL_SECONDS) {
    throw new ConfigError(
      'GREENROOM_LEASE_SECONDS: must be more than twice GREENROOM_REPORT_INTERVAL_SECONDS, so that one lost report loses no session',
    );
  }
  if (values.GREENROOM_USAGE_RETENTION_DAYS < values.GREENROOM_SESSION_RETENTION_DAYS) {
    throw new ConfigError(
      'GREENROOM_USAGE_RETENTION_DAYS: must be at least GREENROOM_SESSION_RETENTION_DAYS, so that a session has its usage events',
    );
  }
  const metricsPort = values.METRICS_PORT;
  if (metricsPort === values.PORT) {
    throw new ConfigError(
      'METRICS_PORT: must differ from PORT, because customers reach the address of the API',
    );
  }
  return {
    port: values.PORT,
    host: values.HOST,
    metrics: metricsPort === undefined ? null : { port: metricsPort, host: values.METRICS_HOST },
    tracing: tracingConfig(values),
    databaseUrl: values.DATABASE_URL === '' ? null : values.DATABASE_URL,
    databasePoolSize: values.DATABASE_POOL_SIZE,
    dataDir: values.GREENROOM_DATA_DIR,
    docsDir: values.GREENROOM_DOCS_DIR === '' ? null : values.GREENROOM_DOCS_DIR,
    consoleDir: values.GREENROOM_CONSOLE_DIR === '' ? null : values.GREENROOM_CONSOLE_DIR,
    tokenKey: values.GREENROOM_TOKEN_KEY.length === 0 ? null : values.GREENROOM_TOKEN_KEY,
    logLevel: values.LOG_LEVEL,
    devOrg:
      values.GREENROOM_DEV_ORG &&
      ((env['GREENROOM_DEV_ORG'] ?? '') !== '' || env['NODE_ENV'] !== 'production'),
    maxInFlight: values.GREENROOM_MAX_IN_FLIGHT,
    trustProxy: values.GREENROOM_TRUST_PROXY,
    rateLimits: {
      requestsPerSecond: values.GREENROOM_REQUESTS_PER_SECOND,
      createsPerSecond: values.GREENROOM_CREATES_PER_SECOND,
      workerRequestsPerSecond: values.GREENROOM_WORKER_REQUESTS_PER_SECOND,
      anonymousRequestsPerSecond: values.GREENROOM_ANONYMOUS_REQUESTS_PER_SECOND,
    },
    sessions: {
      allowInsecureUrls: values.GREENROOM_ALLOW_INSECURE_URLS,
      joinDeadlineSeconds: values.GREENROOM_JOIN_DEADLINE_SECONDS,
      firstFrameDeadlineSeconds: values.GREENROOM_FIRST_FRAME_DEADLINE_SECONDS,
      drainDeadlineSeconds: values.GREENROOM_DRAIN_DEADLINE_SECONDS,
      leaseSeconds: values.GREENROOM_LEASE_SECONDS,
      reportIntervalSeconds: values.GREENROOM_REPORT_INTERVAL_SECONDS,
    },
    webhooks: { allowLoopback: values.GREENROOM_ALLOW_LOCAL_WEBHOOKS },
    retention: {
      sessionDays: values.GREENROOM_SESSION_RETENTION_DAYS,
      usageDays: values.GREENROOM_USAGE_RETENTION_DAYS,
      ledgerDays: values.GREENROOM_LEDGER_RETENTION_DAYS,
      auditDays: values.GREENROOM_AUDIT_RETENTION_DAYS,
    },
  };
}
