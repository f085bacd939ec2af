/** Generates packages/client/src/generated from the public bundle that contract.ts wrote. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { OpenApiDocument } from '@greenroom/contract/document';

import { terminalStatusesModule } from './lifecycle.ts';
import { publicOperationsModule } from './operation-table.ts';
import { generatedFolder } from './target.ts';
import { typesModule } from './types.ts';
import { writeGenerated } from './write-generated.ts';

const bundle = join(generatedFolder('contract'), 'openapi.public.json');
const document = JSON.parse(await readFile(bundle, 'utf8')) as OpenApiDocument;

await writeGenerated(generatedFolder('client'), {
  'wire.ts': await typesModule(document),
  'operation-table.ts': publicOperationsModule(document),
  'terminal-statuses.ts': terminalStatusesModule(document),
});
