import { createHash } from 'node:crypto';

import type { RequestHandler } from 'express';

/**
 * Serves immutable bytes with a strong ETag, which is the same on every process of a release. Responds 304 when the
 * client has them.
 */
export function staticFile(
  bytes: Buffer,
  contentType: string,
  cacheControl = 'public, max-age=300',
): RequestHandler {
  const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`;
  return (request, response) => {
    response.set({ ETag: etag, 'Cache-Control': cacheControl });
    // Not by Express: `fetch` adds `Cache-Control: no-cache` to a conditional request, for which Express sends 200.
    if (names(request.headers['if-none-match'], etag)) {
      response.status(304).end();
      return;
    }
    // Not by Express, which adds a charset to types that have none.
    response.setHeader('Content-Type', contentType);
    response.send(bytes);
  };
}

/** Whether `If-None-Match` names this ETag, by weak comparison (RFC 9110, section 13.1.2). */
function names(condition: string | undefined, etag: string): boolean {
  const tags = condition?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes(etag) || tags.includes('*');
}
