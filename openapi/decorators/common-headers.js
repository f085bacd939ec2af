import { dirname, join, parse, relative } from 'node:path';

const DOCUMENT = join(import.meta.dirname, '..');

/**
 * Gives each response of the server the headers in `files`, before its own. Runs as a preprocessor, so that the rules
 * check the responses with their headers.
 */
export function commonHeaders({ files }) {
  return {
    Response(response, { location }) {
      const source = dirname(location.source.absoluteRef);
      // Customers send the responses of webhooks.
      if (source === join(DOCUMENT, 'webhooks')) return;
      const folder = relative(source, DOCUMENT);
      const common = files.map((file) => [parse(file).name, { $ref: join(folder, file) }]);
      response.headers = { ...Object.fromEntries(common), ...response.headers };
    },
  };
}
