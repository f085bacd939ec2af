/**
 * Only paths under /internal are left out of the public document: path and operation are marked `x-internal` and need a
 * worker key. Both are marked, because a path with shared parameters would remain otherwise.
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
