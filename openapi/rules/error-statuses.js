/**
 * An operation declares the error statuses that it can have: 401, 403 and 429 if it needs a key (addresses without a
 * usable key are limited everywhere), 429 if it is rate limited, 408, 413, 415 and 400 if it takes a body, 404 if its
 * path has an id, and always 422, 500 and 503. It declares no others. 405 belongs to no operation.
 */
export function errorStatuses() {
  let path = '';
  return {
    // Webhooks are exempt, because the customer responds to them.
    Paths: {
      PathItem: {
        enter(_, { key }) {
          path = String(key);
        },
        Operation(operation, { report, location }) {
          const secured = (operation.security ?? []).length > 0;
          const limited = (operation['x-rate-limits'] ?? []).length > 0;
          const hasBody = operation.requestBody !== undefined;
          const expected = {
            401: secured,
            403: secured,
            405: false,
            408: hasBody,
            413: hasBody,
            415: hasBody,
            422: true,
          };
          Object.assign(expected, { 429: secured || limited, 500: true, 503: true });
          if (hasBody) expected[400] = true;
          if (path.includes('{')) expected[404] = true;
          for (const [status, wanted] of Object.entries(expected)) {
            const declared = status in (operation.responses ?? {});
            if (declared === wanted) continue;
            report({
              message: `${status} ${wanted ? 'is missing' : 'cannot happen here'}.`,
              location: location.child('responses'),
            });
          }
        },
      },
    },
  };
}
