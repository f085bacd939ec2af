import { exampleTarget, type ExampleBody, type ExampleRequest } from './example-request.ts';

/** Longer lines are broken, in characters: the column next to the text has room for about this many. */
const MAX_WIDTH = 60;

/** In seconds. The default, 5, is less than some operations wait for a worker. */
const TIMEOUT = 'timeout=30';

/** Returns Python with `httpx`. */
export function pythonSample(request: ExampleRequest): string {
  const { response, body, idempotencyKey } = request;
  const imports = [
    'import os',
    ...(idempotencyKey ? ['import uuid'] : []),
    ...(response.kind === 'file' ? ['from pathlib import Path'] : []),
  ];
  const call = body?.kind === 'form' ? formCall(request, body) : callOf(request);
  return ['# pip install httpx', ...imports, '', 'import httpx', '', ...call].join('\n');
}

function callOf(request: ExampleRequest): string[] {
  const { method, body, response } = request;
  const json = body?.kind === 'json' ? [named('json', body.value)] : [];
  if (response.kind === 'events') {
    return [
      ...invocation(
        'with httpx.stream(',
        ['"GET"', ...argumentsOf(request), 'timeout=None'],
        ') as response:',
      ),
      ...indented(['if response.is_error:', '    raise SystemExit(response.read().decode())']),
      ...indented(['for line in response.iter_lines():', '    print(line)']),
    ];
  }
  return [
    ...invocation(`response = httpx.${method}(`, [...argumentsOf(request), ...json, TIMEOUT], ')'),
    ...receive(response),
  ];
}

function formCall(request: ExampleRequest, { fields }: ExampleBody & { kind: 'form' }): string[] {
  const files = fields.flatMap((field) => ('file' in field ? [field] : []));
  const texts = fields.flatMap((field) => ('file' in field ? [] : [field]));
  const call = invocation(
    `response = httpx.${request.method}(`,
    [
      ...argumentsOf(request),
      `files={${files.map(({ name }) => `${text(name)}: ${name}`).join(', ')}}`,
      ...(texts.length > 0
        ? [named('data', Object.fromEntries(texts.map(({ name, value }) => [name, value])))]
        : []),
      TIMEOUT,
    ],
    ')',
  );
  const opened = files.map(({ name, file }) => `open(${text(file)}, "rb") as ${name}`);
  return [
    ...(opened.length > 0 ? [`with ${opened.join(', ')}:`, ...indented(call)] : call),
    ...receive(request.response),
  ];
}

function argumentsOf(request: ExampleRequest): string[] {
  const headers = headersOf(request);
  return [
    `f"{os.environ['GREENROOM_URL']}${exampleTarget(request)}"`,
    ...(headers.length > 0 ? [bracketed('headers={', headers, '}')] : []),
  ];
}

function headersOf({ authenticated, idempotencyKey, headers }: ExampleRequest): string[] {
  return [
    ...(authenticated ? [`"Authorization": f"Bearer {os.environ['GREENROOM_API_KEY']}"`] : []),
    // The client generates one automatically.
    ...(idempotencyKey ? ['"Idempotency-Key": str(uuid.uuid4())'] : []),
    ...headers.map(({ name, value }) => `${text(name)}: ${text(String(value))}`),
  ];
}

function receive(response: ExampleRequest['response']): string[] {
  const check = ['if response.is_error:', '    raise SystemExit(response.text)'];
  switch (response.kind) {
    case 'nothing':
      return check;
    case 'file':
      return [...check, `Path(${text(response.name)}).write_bytes(response.content)`];
    default:
      return [...check, 'print(response.json())'];
  }
}

function invocation(start: string, parts: string[], end: string): string[] {
  return bracketed(start, parts, end).split('\n');
}

function named(name: string, value: unknown): string {
  return `${name}=${literal(value)}`;
}

/** Returns a value as an expression. JSON's strings and numbers are also Python's. */
function literal(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return bracketed('[', value.map(literal), ']');
  if (typeof value !== 'object') return JSON.stringify(value);
  return bracketed(
    '{',
    Object.entries(value).map(([name, one]) => `${text(name)}: ${literal(one)}`),
    '}',
  );
}

function text(value: string): string {
  return JSON.stringify(value);
}

/** Returns the parts between brackets: on one line, or else each on its own, as the formatter Black does. */
function bracketed(start: string, parts: string[], end: string): string {
  const line = `${start}${parts.join(', ')}${end}`;
  if (line.length <= MAX_WIDTH && !line.includes('\n')) return line;
  return [start, ...indented(parts.map((part) => `${part},`)), end].join('\n');
}

function indented(parts: string[]): string[] {
  return parts.map((part) => part.replaceAll(/^/gm, '    '));
}
