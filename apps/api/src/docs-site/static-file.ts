import { createHash } from 'node:crypto';

import type { RequestHandler } from 'express';

/**
 * Serves bytes that stay the same while the process runs, to anybody. Who has them already is told so (304): the ETag is
 * strong, made of the bytes, and so the same on every process of a release.
 */
export function staticFile(
  bytes: Buffer,
  contentType: string,
  cacheControl = 'public, max-age=300',
): RequestHandler {
  const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`;
  return (request, response) => {
    response.set({ ETag: etag, 'Cache-Control': cacheControl });
    // Not left to Express: `fetch` adds `Cache-Control: no-cache` to a condition, for which Express sends all again.
    if (names(request.headers['if-none-match'], etag)) {
      response.status(304).end();
      return;
    }
    // Nor is this, as it would add a charset to types that have none.
    response.setHeader('Content-Type', contentType);
    response.send(bytes);
  };
}

/** Whether `If-None-Match` names this ETag, compared weakly (RFC 9110, section 13.1.2). */
function names(condition: string | undefined, etag: string): boolean {
  const tags = condition?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes(etag) || tags.includes('*');
}
