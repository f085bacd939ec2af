const LISTS = ['oneOf', 'anyOf', 'allOf', 'prefixItems'];
const SINGLES = ['items', 'additionalProperties', 'propertyNames', 'not'];

/** Follows a reference of a bundle, `#/components/…`, or returns the node as it is. */
export function resolveLocal(document, node) {
  if (typeof node?.$ref !== 'string') return node;
  const target = node.$ref
    .slice('#/'.length)
    .split('/')
    .reduce((at, key) => at?.[decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~')], document);
  return resolveLocal(document, target);
}

/** Returns the operations of a document. */
export function operations({ paths = {} }) {
  return Object.values(paths).flatMap((item) => Object.values(item).filter((value) => value?.responses));
}

/** Returns every schema within the request bodies of a bundle, each once. */
export function requestSchemas(document) {
  return reachable(
    document,
    operations(document).map(({ requestBody }) => requestBody),
  );
}

/** Returns every schema within the response bodies of a bundle, each once. */
export function responseSchemas(document) {
  return reachable(
    document,
    operations(document).flatMap(({ responses }) => Object.values(responses)),
  );
}

/** Returns the schemas directly inside a schema, references as they are. */
export function partsOf(schema) {
  return [
    ...SINGLES.map((keyword) => schema[keyword]),
    ...LISTS.flatMap((keyword) => schema[keyword] ?? []),
    ...Object.values(schema.properties ?? {}),
  ].filter((part) => typeof part === 'object');
}

function reachable(document, bodies) {
  const found = new Set();
  const visit = (node) => {
    const schema = resolveLocal(document, node);
    if (schema === undefined || found.has(schema)) return;
    found.add(schema);
    partsOf(schema).forEach(visit);
  };
  for (const body of bodies) {
    for (const { schema } of Object.values(resolveLocal(document, body)?.content ?? {})) visit(schema);
  }
  return found;
}
