import { request, type Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';

/** A response, or the lack of one. */
export interface Exchange {
  /** Null when the connection broke or no response came within 20 s. */
  status: number | null;
  headers: IncomingHttpHeaders;
  body: string;
  durationMs: number;
}

export interface ExchangeRequest {
  url: string;
  method?: 'GET' | 'POST' | 'DELETE';
  /** Null to send no key. */
  key: string | null;
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer;
  /** False to open a connection only for this request. */
  agent: Agent | false;
}

const REQUEST_TIMEOUT_MS = 20_000;

/** Sends one request and reads the whole response. Never rejects. */
export function exchange(options: ExchangeRequest): Promise<Exchange> {
  const { url, method = 'GET', key, headers, body, agent } = options;
  const sentAtMs = performance.now();
  return new Promise((resolve) => {
    const done = (status: number | null, received: IncomingHttpHeaders = {}, text = ''): void => {
      resolve({ status, headers: received, body: text, durationMs: performance.now() - sentAtMs });
    };
    const sent = request(url, {
      method,
      agent,
      headers: {
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
        ...headers,
      },
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        done(response.statusCode ?? null, response.headers, Buffer.concat(chunks).toString());
      });
      response.on('error', () => {
        done(null);
      });
    });
    sent.on('error', () => {
      done(null);
    });
    sent.end(body);
  });
}

/** Sends a POST request with a JSON body. */
export function postJson(options: Omit<ExchangeRequest, 'method' | 'body'>, body: object): Promise<Exchange> {
  return exchange({
    ...options,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...options.headers },
    body: JSON.stringify(body),
  });
}
