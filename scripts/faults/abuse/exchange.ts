import { request, type Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';

/** How a request went. */
export interface Exchange {
  /** Null: the connection broke, or nothing came within 20 s. */
  status: number | null;
  headers: IncomingHttpHeaders;
  body: string;
  durationMs: number;
}

export interface ExchangeRequest {
  url: string;
  method?: 'GET' | 'POST' | 'DELETE';
  /** Null sends no key. */
  key: string | null;
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer;
  /** False opens a connection for this request alone. */
  agent: Agent | false;
}

const GIVE_UP_MS = 20_000;

/** Sends one request and reads the whole response. Never rejects. */
export function exchange(given: ExchangeRequest): Promise<Exchange> {
  const { url, method = 'GET', key, headers, body, agent } = given;
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
      signal: AbortSignal.timeout(GIVE_UP_MS),
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

/** Sends a JSON body. */
export function postJson(given: Omit<ExchangeRequest, 'method' | 'body'>, body: object): Promise<Exchange> {
  return exchange({
    ...given,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...given.headers },
    body: JSON.stringify(body),
  });
}
