import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { Router } from 'express';

import { ApiError } from '../errors/api-error.ts';
import type { Admission } from '../http/admission.ts';
import { staticFile } from '../static-site/static-file.ts';
import type { DatabaseProbe } from './database-probe.ts';

export interface ServiceRoutesOptions {
  databaseProbe: DatabaseProbe;
  admission: Admission;
  isDispatching: () => boolean;
}

/** Serves the document, liveness and readiness, which are not operations of the document. */
export function serviceRoutes({ databaseProbe, admission, isDispatching }: ServiceRoutesOptions): Router {
  const router = Router({ caseSensitive: true });

  // The public document.
  router.get(
    '/openapi.json',
    staticFile(ofContract('openapi.public.json'), 'application/json; charset=utf-8'),
  );
  router.get('/openapi.yaml', staticFile(ofContract('openapi.public.yaml'), 'application/yaml'));

  // Liveness: the process runs.
  router.get('/healthz', (_request, response) => {
    response.type('text/plain').send('ok\n');
  });

  // Readiness: the process can serve writes. A load balancer sends requests only while the response is 200.
  router.get('/readyz', admission.whileOpen, async (_request, response) => {
    if ((await databaseProbe.current()) === 'outage') {
      throw new ApiError('database.unavailable', {
        situation: 'unchanged',
        values: { seconds: 1 },
      });
    }
    const text = isDispatching() ? 'ready\n' : 'ready, but background work is waiting for the database\n';
    response.type('text/plain').send(text);
  });

  return router;
}

function ofContract(file: string): Buffer {
  return readFileSync(createRequire(import.meta.url).resolve(`@greenroom/contract/${file}`));
}
