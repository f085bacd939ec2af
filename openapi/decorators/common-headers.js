import { dirname, join, relative } from 'node:path';

const HEADERS = join(import.meta.dirname, '../components/headers');

/**
 * Gives each response the headers listed in `names`, before its own. Runs as a preprocessor, so that the rules check the
 * responses with their headers.
 */
export function commonHeaders({ names }) {
  return {
    Response(response, { location }) {
      const folder = relative(dirname(location.source.absoluteRef), HEADERS);
      const common = names.map((name) => [name, { $ref: join(folder, `${name}.yaml`) }]);
      response.headers = { ...Object.fromEntries(common), ...response.headers };
    },
  };
}
