import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { Database } from '@greenroom/database';
import { Router } from 'express';

import type { Admission } from './admission.ts';

/** What a server offers about itself, beside the document's operations. */
export function serviceRoutes(database: Database, admission: Admission): Router {
  const publicDocument = readFileSync(
    createRequire(import.meta.url).resolve('@greenroom/contract/openapi.public.json'),
  );
  const router = Router({ caseSensitive: true });

  router.get('/openapi.json', (_request, response) => {
    response.type('application/json').set('Cache-Control', 'public, max-age=300').send(publicDocument);
  });

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
