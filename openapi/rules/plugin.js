import { boundedValues } from './bounded-values.js';
import { closedObjects } from './closed-objects.js';
import { dropAllowReserved } from './drop-allow-reserved.js';
import { dropInternalErrors } from './drop-internal-errors.js';
import { errorMessages } from './error-messages.js';
import { errorShape } from './error-shape.js';
import { errorStatuses } from './error-statuses.js';
import { errorTable } from './error-table.js';
import { internalPaths } from './internal-paths.js';
import { listShape } from './list-shape.js';
import { prefixedIds } from './prefixed-ids.js';
import { responseProperties } from './response-properties.js';

/** Redocly loads a plugin by its default export. */
export default function greenroom() {
  return {
    id: 'greenroom',
    rules: {
      oas3: {
        'bounded-values': boundedValues,
        'closed-objects': closedObjects,
        'error-messages': errorMessages,
        'error-shape': errorShape,
        'error-statuses': errorStatuses,
        'error-table': errorTable,
        'internal-paths': internalPaths,
        'list-shape': listShape,
        'prefixed-ids': prefixedIds,
        'response-properties': responseProperties,
      },
    },
    decorators: {
      oas3: {
        'drop-allow-reserved': dropAllowReserved,
        'drop-internal-errors': dropInternalErrors,
      },
    },
  };
}
