import { bareFormats } from '../decorators/bare-formats.js';
import { commonHeaders } from '../decorators/common-headers.js';
import { defaultError } from '../decorators/default-error.js';
import { describeScopes } from '../decorators/describe-scopes.js';
import { describeValues } from '../decorators/describe-values.js';
import { dropAllowReserved } from '../decorators/drop-allow-reserved.js';
import { dropExtensions } from '../decorators/drop-extensions.js';
import { dropInternalErrors } from '../decorators/drop-internal-errors.js';
import { dropObjectDefaults } from '../decorators/drop-object-defaults.js';
import { inlineScalars } from '../decorators/inline-scalars.js';
import { inlineWebhookBodies } from '../decorators/inline-webhook-bodies.js';
import { openResponses } from '../decorators/open-responses.js';
import { splitTypes } from '../decorators/split-types.js';
import { boundedValues } from './bounded-values.js';
import { closedObjects } from './closed-objects.js';
import { deprecations } from './deprecations.js';
import { errorMessages } from './error-messages.js';
import { errorShape } from './error-shape.js';
import { errorStatuses } from './error-statuses.js';
import { errorTable } from './error-table.js';
import { explainedValues } from './explained-values.js';
import { internalPaths } from './internal-paths.js';
import { lifecycle } from './lifecycle.js';
import { listShape } from './list-shape.js';
import { portableSchemas } from './portable-schemas.js';
import { prefixedIds } from './prefixed-ids.js';
import { responseProperties } from './response-properties.js';
import { uniqueComponentNames } from './unique-component-names.js';

/** Redocly loads a plugin by its default export. */
export default function greenroom() {
  return {
    id: 'greenroom',
    rules: {
      oas3: {
        'bounded-values': boundedValues,
        'closed-objects': closedObjects,
        deprecations,
        'error-messages': errorMessages,
        'error-shape': errorShape,
        'error-statuses': errorStatuses,
        'error-table': errorTable,
        'explained-values': explainedValues,
        'internal-paths': internalPaths,
        lifecycle,
        'list-shape': listShape,
        'portable-schemas': portableSchemas,
        'prefixed-ids': prefixedIds,
        'response-properties': responseProperties,
        'unique-component-names': uniqueComponentNames,
      },
    },
    preprocessors: { oas3: { 'common-headers': commonHeaders } },
    decorators: {
      oas3: {
        'bare-formats': bareFormats,
        'default-error': defaultError,
        'describe-scopes': describeScopes,
        'describe-values': describeValues,
        'drop-allow-reserved': dropAllowReserved,
        'drop-extensions': dropExtensions,
        'drop-internal-errors': dropInternalErrors,
        'drop-object-defaults': dropObjectDefaults,
        'inline-scalars': inlineScalars,
        'inline-webhook-bodies': inlineWebhookBodies,
        'open-responses': openResponses,
        'split-types': splitTypes,
      },
    },
  };
}
