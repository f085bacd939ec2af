import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { OpenApiDocument } from './openapi-document.ts';

/** The document that customers read: internal operations are not in it. */
export function publicDocument(): OpenApiDocument {
  const path = createRequire(import.meta.url).resolve('@greenroom/contract/openapi.public.json');
  return JSON.parse(readFileSync(path, 'utf8')) as OpenApiDocument;
}
