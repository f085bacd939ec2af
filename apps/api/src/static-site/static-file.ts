import type { RequestHandler } from 'express';

import { entityTag, namesTag } from '../common/entity-tag.ts';

/**
 * Serves immutable bytes with a strong ETag, which is the same on every process of a release. Responds 304 when the
 * client has them.
 */
export function staticFile(
  bytes: Buffer,
  contentType: string,
  cacheControl = 'public, max-age=300',
): RequestHandler {
  const etag = entityTag(bytes);
  return (request, response) => {
    response.set({ ETag: etag, 'Cache-Control': cacheControl });
    // Express would send 200, because `fetch` adds `Cache-Control: no-cache` to a conditional request.
    if (namesTag(request.headers['if-none-match'], etag)) {
      response.status(304).end();
      return;
    }
    // Express would add a charset to types that have none.
    response.setHeader('Content-Type', contentType);
    response.send(bytes);
  };
}
