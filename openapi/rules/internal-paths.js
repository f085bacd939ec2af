/**
 * Paths under /internal, and no others, are left out of the public document: path and operation are
 * marked `x-internal` and want a worker's key. The mark is on both, as a path with shared parameters would
 * stay behind without.
 */
export function internalPaths() {
  let item = {};
  let path = '';
  return {
    PathItem: {
      enter(node, { key }) {
        item = node;
        path = String(key);
      },
      Operation(operation, { report, location }) {
        const internal = path.startsWith('/internal/');
        const marked = [item['x-internal'] === true, operation['x-internal'] === true];
        const worker = (operation.security ?? []).some((requirement) => 'workerKey' in requirement);
        if ([...marked, worker].every((fact) => fact === internal)) return;
        report({
          message:
            '`x-internal` on path and operation, and `workerKey`, go with paths under /internal, and only with them.',
          location,
        });
      },
    },
  };
}
