import type { GreenroomOptions } from './options.ts';

/** The validated options of a client, with defaults. */
export interface Settings {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly timeoutMs: number;
  readonly maxRetries: number;
}

/**
 * Validates the options and adds the defaults.
 *
 * @throws {TypeError} with the name of the invalid option, never its value
 */
export function readSettings(options: GreenroomOptions): Settings {
  const { apiKey, baseUrl, timeoutMs = 30_000, maxRetries = 2 } = options;
  checkLimits({ timeoutMs, maxRetries });
  return {
    apiKey: readApiKey(apiKey),
    baseUrl: readBaseUrl(baseUrl),
    // Looks up the global for each request, because a test or a tracer may replace it later.
    fetch: options.fetch ?? ((request) => globalThis.fetch(request)),
    timeoutMs,
    maxRetries,
  };
}

/** @throws {TypeError} when `timeoutMs` is not above 0, or `maxRetries` is not a whole number, 0 or more */
export function checkLimits({ timeoutMs, maxRetries }: Pick<Settings, 'timeoutMs' | 'maxRetries'>): void {
  if (!(timeoutMs > 0)) throw new TypeError('timeoutMs must be a number of milliseconds above 0.');
  if (!Number.isInteger(maxRetries) || maxRetries < 0) {
    throw new TypeError('maxRetries must be an integer of at least 0.');
  }
}

function readApiKey(apiKey: unknown): string {
  if (typeof apiKey !== 'string' || apiKey === '') {
    throw new TypeError('apiKey is required. Pass a key such as sk_test_… or sk_live_….');
  }
  for (const placeholder of ['…', '...']) {
    if (!apiKey.includes(placeholder)) continue;
    throw new TypeError(`apiKey contains "${placeholder}". Replace the placeholder with your key.`);
  }
  if (apiKey !== apiKey.trim()) {
    throw new TypeError('apiKey begins or ends with a space or a line break. Remove it.');
  }
  // `Headers` would reject these with an error that quotes the key.
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new TypeError('apiKey contains a space or a character that is not ASCII. Copy the key again.');
  }
  return apiKey;
}

function readBaseUrl(baseUrl: unknown): string {
  const url = typeof baseUrl === 'string' && URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new TypeError('baseUrl must be an absolute http or https address, such as http://localhost:4000.');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new TypeError('baseUrl must have no user name, password, query or fragment.');
  }
  return (url.origin + url.pathname).replace(/\/+$/, '');
}
