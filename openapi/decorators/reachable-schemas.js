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

/** Returns every schema that the responses of a bundle consist of, each once. */
export function responseSchemas(document) {
  const roots = operations(document)
    .flatMap(({ responses }) => Object.values(responses))
    .flatMap((response) => Object.values(resolveLocal(document, response).content ?? {}))
    .map(({ schema }) => schema);
  const found = new Set();
  const visit = (node) => {
    const schema = resolveLocal(document, node);
    if (typeof schema !== 'object' || schema === null || found.has(schema)) return;
    found.add(schema);
    for (const keyword of SINGLES) visit(schema[keyword]);
    for (const keyword of LISTS) (schema[keyword] ?? []).forEach(visit);
    Object.values(schema.properties ?? {}).forEach(visit);
  };
  roots.forEach(visit);
  return found;
}

/** Returns the operations of a document. */
export function operations({ paths = {} }) {
  return Object.values(paths).flatMap((item) => Object.values(item).filter((value) => value?.responses));
}
