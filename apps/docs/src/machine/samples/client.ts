import type { ExampleRequest, FormField } from './example-request.ts';
import { fileOf, formatJavaScript, literal, READ_FILE, WRITE_FILE } from './javascript.ts';

/** Returns JavaScript with `@greenroom/client`: the `operationId` names the method, and lists are iterated. */
export function clientSample(request: ExampleRequest): Promise<string> {
  return formatJavaScript(
    [
      request.body?.kind === 'form' && request.body.fields.some(isFile) ? READ_FILE : '',
      request.response.kind === 'file' ? WRITE_FILE : '',
      "import { createGreenroom } from '@greenroom/client';",
      '',
      'const greenroom = createGreenroom({',
      '  baseUrl: process.env.GREENROOM_URL,',
      '  apiKey: process.env.GREENROOM_API_KEY,',
      '});',
      '',
      callOf(request),
    ].join('\n'),
  );
}

function callOf({ response, ...request }: ExampleRequest): string {
  // The options of a stream's method do not have the names of the parameters.
  if (response.kind === 'events') return loop(response.name, `greenroom.${request.operationId}()`);
  const call = `greenroom.${request.operationId}(${argumentsOf(request).join(', ')})`;
  switch (response.kind) {
    case 'nothing':
      return `await ${call};`;
    case 'pages':
      return loop(response.name, call);
    case 'file':
      return `const file = await ${call};\nawait writeFile(${literal(response.name)}, file.stream());`;
    case 'value':
      return `const ${response.name} = await ${call};\nconsole.log(${response.name});`;
  }
}

function loop(item: string, call: string): string {
  return `for await (const ${item} of ${call}) {\nconsole.log(${item});\n}`;
}

/** Returns the path's parameters one by one, then the body, then the query. */
function argumentsOf({ path, body, query }: Omit<ExampleRequest, 'response'>): string[] {
  return [
    ...path.map(({ value }) => literal(String(value))),
    ...(body === null ? [] : [body.kind === 'json' ? literal(body.value) : fieldsOf(body.fields)]),
    ...(query.length === 0
      ? []
      : [literal(Object.fromEntries(query.map(({ name, value }) => [name, value])))]),
  ];
}

function fieldsOf(fields: FormField[]): string {
  const entries = fields.map(
    (field) => `${literal(field.name)}: ${'file' in field ? fileOf(field.file) : literal(field.value)}`,
  );
  return `{ ${entries.join(', ')} }`;
}

const isFile = (field: FormField) => 'file' in field;
