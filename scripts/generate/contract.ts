/**
 * Generates the examples of errors in openapi/, and then packages/contract/src/generated from all of openapi/.
 *
 * Types come from the bundles, not from the split document: only a bundle has passed through the decorators
 * that remove internal operations.
 */
import type { OpenApiDocument, Schema } from '@greenroom/contract/document';
import { stringify } from 'yaml';

import { bundle } from './bundle.ts';
import { errorExamples } from './error-examples.ts';
import { errorsModule } from './errors.ts';
import { avatarFailuresModule, failuresModule, lifecycleModule, reasonsModule } from './lifecycle.ts';
import { limitsModule, pathsModule, patternsModule } from './limits.ts';
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

/** `SessionStatus` → `sessionStatusValues`: every named enum of the document as a constant tuple and its type. */
function enumsModule(document: OpenApiDocument): string {
  return Object.entries(document.components.schemas)
    .filter(([, schema]) => Array.isArray(schema.enum) && schema['x-errors'] === undefined)
    .map(([name, schema]) => {
      const constant = `${name[0]?.toLowerCase()}${name.slice(1)}Values`;
      return [
        `export const ${constant} = ${JSON.stringify(schema.enum)} as const;`,
        `export type ${name} = (typeof ${constant})[number];`,
      ].join('\n');
    })
    .join('\n\n');
}

/** Returns the module with the path and the subprotocol at which a worker serves the media of a session. */
function mediaModule({ components: { schemas } }: OpenApiDocument): string {
  const property = (schema: string, name: string) =>
    schemas[schema]?.properties?.[name] as Schema | undefined;
  const path = property('WorkerCreate', 'media_url')?.['x-media-path'];
  const protocol = property('PipecatRelay', 'protocol')?.['const'];
  if (path === undefined || protocol === undefined) {
    throw new Error(
      'The media_url of WorkerCreate or the protocol of PipecatRelay lacks what it must state.',
    );
  }
  return [
    `export const mediaPath = ${JSON.stringify(path)};`,
    `export const mediaProtocol = ${JSON.stringify(protocol)};`,
  ].join('\n\n');
}
