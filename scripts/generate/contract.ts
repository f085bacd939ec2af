/**
 * Generates the examples of errors in openapi/, and then packages/contract/src/generated from all of openapi/.
 *
 * Types come from the bundles, not from the split document: only a bundle has passed through the decorators
 * that remove internal operations.
 */
import { stringify } from 'yaml';

import { bundle } from './bundle.ts';
import { enumsModule } from './enums.ts';
import { errorExamples } from './error-examples.ts';
import { errorsModule } from './errors.ts';
import { avatarFailuresModule, failuresModule, lifecycleModule, reasonsModule } from './lifecycle.ts';
import { limitsModule, pathsModule, patternsModule } from './limits.ts';
import { mediaModule } from './media.ts';
import { operationsModule } from './operation-table.ts';
import { generatedFolder, outputFolder } from './target.ts';
import { typesModule, validatedRequestsModule } from './types.ts';
import { writeGenerated } from './write-generated.ts';

await writeGenerated(outputFolder('openapi/components/examples/errors'), await errorExamples());

const [full, pub] = await Promise.all([bundle('full'), bundle('public')]);

await writeGenerated(generatedFolder('contract'), {
  'openapi.json': JSON.stringify(full, null, 2),
  'openapi.public.json': JSON.stringify(pub, null, 2),
  'openapi.public.yaml': stringify(pub, {
    aliasDuplicateObjects: false,
    blockQuote: 'literal',
    lineWidth: 0,
  }),
  'wire.ts': await typesModule(full),
  'validated-requests.ts': await validatedRequestsModule(full),
  'operation-table.ts': operationsModule(full),
  'enums.ts': enumsModule(full),
  'error-table.ts': errorsModule(full),
  'avatar-failures.ts': avatarFailuresModule(full),
  'failure-texts.ts': failuresModule(full),
  'reason-texts.ts': reasonsModule(full),
  'lifecycle.ts': lifecycleModule(full),
  'limits.ts': limitsModule(full),
  'media.ts': mediaModule(full),
  'operation-paths.ts': pathsModule(full),
  'patterns.ts': patternsModule(full),
});
