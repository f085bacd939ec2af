import { exampleTarget, type ExampleRequest, type FormField } from './example-request.ts';

/** Returns a `curl` command, with the address and the key from `GREENROOM_URL` and `GREENROOM_API_KEY`. */
export function curlSample(request: ExampleRequest): string {
  const { method, body, headers, authenticated, response } = request;
  // By default curl sends GET, or POST with a body.
  const implied = method === 'get' || (method === 'post' && body !== null);
  const first = `curl ${implied ? '' : `-X ${method.toUpperCase()} `}"$GREENROOM_URL${exampleTarget(request)}"`;
  return [
    first,
    ...(response.kind === 'events' ? ['--no-buffer'] : []),
    ...(authenticated ? ['-H "Authorization: Bearer $GREENROOM_API_KEY"'] : []),
    ...headers.map(({ name, value }) => `-H ${quoted(`${name}: ${String(value)}`)}`),
    ...(body?.kind === 'json' ? ["-H 'Content-Type: application/json'", `-d ${json(body.value)}`] : []),
    ...(body?.kind === 'form' ? body.fields.map(formField) : []),
    ...(response.kind === 'file' ? [`-o ${response.name}`] : []),
  ].join(' \\\n  ');
}

function json(value: unknown): string {
  return quoted(JSON.stringify(value, null, 2).replaceAll('\n', '\n  '));
}

function formField(field: FormField): string {
  if ('file' in field) return `-F ${argument(`${field.name}=@${field.file}`)}`;
  // In `-F`, a leading `@` or `<` reads a file, and a semicolon starts attributes.
  const option = /^[@<]|;/.test(field.value) ? '--form-string' : '-F';
  return `${option} ${argument(`${field.name}=${field.value}`)}`;
}

function argument(text: string): string {
  return /^[\w=@./-]+$/.test(text) ? text : quoted(text);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
