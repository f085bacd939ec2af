import { exampleTarget, type ExampleBody, type ExampleRequest } from './example-request.ts';
import { fileOf, formatJavaScript, literal, READ_FILE, WRITE_FILE } from './javascript.ts';

/** Returns JavaScript with the platform's `fetch` and no package. */
export function fetchSample(request: ExampleRequest): Promise<string> {
  const { method, body } = request;
  const options = [
    method === 'get' ? '' : `method: ${literal(method.toUpperCase())}`,
    headersOf(request),
    body === null ? '' : `body: ${body.kind === 'json' ? `JSON.stringify(${literal(body.value)})` : 'form'}`,
  ].filter(Boolean);
  const url = `\`\${process.env.GREENROOM_URL}${exampleTarget(request)}\``;
  return formatJavaScript(
    [
      request.response.kind === 'file' ? `${WRITE_FILE}\n` : '',
      body?.kind === 'form' ? formOf(body) : '',
      `const response = await fetch(${url}${options.length > 0 ? `, { ${options.join(', ')} }` : ''});`,
      'if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);',
      receive(request.response),
    ]
      .filter(Boolean)
      .join('\n'),
  );
}

function receive(response: ExampleRequest['response']): string {
  switch (response.kind) {
    case 'nothing':
      return '';
    case 'file':
      return `await writeFile(${literal(response.name)}, response.body);`;
    case 'events':
      return 'for await (const text of response.body.pipeThrough(new TextDecoderStream())) {\nconsole.log(text);\n}';
    default:
      return 'console.log(await response.json());';
  }
}

function headersOf({ authenticated, idempotencyKey, headers, body }: ExampleRequest): string {
  const lines = [
    authenticated ? 'Authorization: `Bearer ${process.env.GREENROOM_API_KEY}`' : '',
    body?.kind === 'json' ? "'Content-Type': 'application/json'" : '',
    // The client generates one automatically.
    idempotencyKey ? "'Idempotency-Key': crypto.randomUUID()" : '',
    ...headers.map(({ name, value }) => `${literal(name)}: ${literal(String(value))}`),
  ].filter(Boolean);
  return lines.length > 0 ? `headers: { ${lines.join(', ')} }` : '';
}

function formOf({ fields }: ExampleBody & { kind: 'form' }): string {
  const lines = fields.map((field) => {
    const value = 'file' in field ? fileOf(field.file) : literal(field.value);
    return `form.set(${literal(field.name)}, ${value});`;
  });
  const reads = fields.some((field) => 'file' in field) ? `${READ_FILE}\n\n` : '';
  return `${reads}const form = new FormData();\n${lines.join('\n')}\n`;
}
