/** One request to an API process, and its response, if any. */
export interface Exchange {
  method: string;
  path: string;
  sentAtMs: number;
  durationMs: number;
  /** Null when the connection broke or was refused, or no response came in time. */
  status: number | null;
  hasRetryAfter: boolean;
  /** The start of the body of a 5xx response, or the error's code, such as `ECONNREFUSED`. */
  detail: string;
}

export type Send = (request: Request) => Promise<Response>;

const TIMEOUT_MS = 40_000;
const DETAIL_LENGTH = 300;

/** Distributes requests over API processes as a load balancer does, and records the responses. */
export class Balancer {
  /** The addresses that get requests. */
  urls: readonly string[];
  readonly exchanges: Exchange[] = [];

  constructor(urls: readonly string[]) {
    this.urls = urls;
  }

  /** Returns a function that sends a caller's requests to each process in turn, whatever their host. */
  sender(): Send {
    let turn = 0;
    return (request) => this.#send(request, this.urls[(turn += 1) % this.urls.length] ?? '');
  }

  async #send(request: Request, origin: string): Promise<Response> {
    const { method, url, headers } = request;
    const { pathname, search } = new URL(url);
    const sentAtMs = performance.now();
    const record = (outcome: Pick<Exchange, 'status' | 'hasRetryAfter' | 'detail'>): void => {
      const durationMs = performance.now() - sentAtMs;
      this.exchanges.push({ method, path: pathname, sentAtMs, durationMs, ...outcome });
    };
    try {
      const body = method === 'GET' ? null : await request.text();
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(`${origin}${pathname}${search}`, { method, headers, body, signal });
      const text = await response.text();
      const { status } = response;
      const detail = status >= 500 ? text.slice(0, DETAIL_LENGTH) : '';
      record({ status, hasRetryAfter: response.headers.has('retry-after'), detail });
      return new Response(status === 204 ? null : text, { status, headers: response.headers });
    } catch (error) {
      record({ status: null, hasRetryAfter: false, detail: codeOf(error) });
      throw error;
    }
  }
}

/** Returns the code of a failed fetch, which is in its cause. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause === undefined ? error.message : codeOf(error.cause);
}

/** Returns whether a response is a 5xx that a caller must not get: any except 503 with Retry-After. */
export function isWrong({ status, hasRetryAfter }: Exchange): boolean {
  return status !== null && status >= 500 && !(status === 503 && hasRetryAfter);
}
