import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A span as OTLP's JSON has it, with its service. */
export interface ReceivedSpan {
  service: string;
  traceId: string;
  spanId: string;
  /** Empty without a parent. */
  parentSpanId: string;
  name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  startMs: number;
  endMs: number;
  /** 2 for a failed one. */
  statusCode: number;
  attributes: Record<string, unknown>;
}

/** An HTTP server that receives traces, like a collector. */
export interface OtlpReceiver extends AsyncDisposable {
  url: string;
  spans: readonly ReceivedSpan[];
  /** The content type and text of each request. */
  requests: readonly { contentType: string; body: string }[];
  /** Sets the status of further responses. */
  respondWith(status: number): void;
}

interface Export {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: { spans: WireSpan[] }[];
  }[];
}
interface Attribute {
  key: string;
  value: Record<string, unknown>;
}
interface WireSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  status?: { code?: number };
  attributes: Attribute[];
}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const requests: { contentType: string; body: string }[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    const contentType = request.headers['content-type'] ?? '';
    text(request)
      .then((body) => {
        requests.push({ contentType, body });
        if (contentType === 'application/json' && status === 200) spans.push(...spansOf(body));
        response.writeHead(status, { 'Content-Type': contentType }).end();
      })
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requests,
    respondWith(code) {
      status = code;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function spansOf(body: string): ReceivedSpan[] {
  return (JSON.parse(body) as Export).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(attributesOf(resource.attributes)['service.name']);
    return scopeSpans.flatMap((scope) =>
      scope.spans.map(
        ({ parentSpanId = '', startTimeUnixNano, endTimeUnixNano, status, attributes, ...span }) => ({
          ...span,
          service,
          parentSpanId,
          startMs: Number(startTimeUnixNano) / 1e6,
          endMs: Number(endTimeUnixNano) / 1e6,
          statusCode: status?.code ?? 0,
          attributes: attributesOf(attributes),
        }),
      ),
    );
  });
}

function attributesOf(attributes: Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

/** Returns a trace as lines, children below their parents and indented, in the order of their starts. */
export function traceTree(
  spans: readonly ReceivedSpan[],
  describe: (span: ReceivedSpan) => string,
  parentSpanId: string,
  depth = 0,
): string[] {
  return spans
    .filter((span) => span.parentSpanId === parentSpanId)
    .sort((one, other) => one.startMs - other.startMs)
    .flatMap((span) => [
      `${'  '.repeat(depth)}${describe(span)}`,
      ...traceTree(spans, describe, span.spanId, depth + 1),
    ]);
}
