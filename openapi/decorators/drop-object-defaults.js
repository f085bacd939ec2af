/**
 * Removes defaults that are objects from the public document. Generators cannot write them as code, and the server
 * applies them.
 */
export function dropObjectDefaults() {
  return { Schema: { leave: dropDefault }, ref: { leave: dropDefault } };
}

function dropDefault(node) {
  if (typeof node.default === 'object' && node.default !== null) delete node.default;
}
