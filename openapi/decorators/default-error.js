import { operations } from './reachable-schemas.js';

const DESCRIPTION = `Any other error. The shape is that of every error.

- 400 \`request.malformed\`: the request is not HTTP.
- 404 \`route.not_found\`: the path names nothing here.
- 405 \`method.not_allowed\`: the path has no such method; the header \`Allow\` lists those it has.
- An error that a later version adds.`;

/**
 * Gives each operation of the public document a `default` response, so that a generated client returns an undeclared
 * error instead of discarding it. The server declares every status that it sends, and does not need it.
 */
export function defaultError() {
  return {
    Root: {
      leave(document) {
        document.components.responses.Default = {
          description: DESCRIPTION,
          headers: { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } },
          content: {
            'application/json': { schema: { $ref: '#/components/schemas/ApiErrorEnvelope' } },
          },
        };
        for (const { responses } of operations(document)) {
          responses.default = { $ref: '#/components/responses/Default' };
        }
      },
    },
  };
}
