import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { Database } from '@greenroom/database';
import { Router } from 'express';

import type { Admission } from './admission.ts';
import { publishedFile } from './published-file.ts';

/** What a server offers about itself, beside the document's operations. */
export function serviceRoutes(database: Database, admission: Admission): Router {
  const router = Router({ caseSensitive: true });

  /** The public document, in both of its spellings. */
  router.get(
    '/openapi.json',
    publishedFile(ofContract('openapi.public.json'), 'application/json; charset=utf-8'),
  );
  router.get('/openapi.yaml', publishedFile(ofContract('openapi.public.yaml'), 'application/yaml'));

  /** The process runs. */
  router.get('/healthz', (_request, response) => {
    response.type('text/plain').send('ok\n');
  });

  /** The process can serve: a load balancer sends requests only while this answers 200. */
  router.get('/readyz', admission.whileOpen, async (_request, response) => {
    await database.pool.query('SELECT 1');
    response.type('text/plain').send('ready\n');
  });

  return router;
}

function ofContract(file: string): Buffer {
  return readFileSync(createRequire(import.meta.url).resolve(`@greenroom/contract/${file}`));
}
