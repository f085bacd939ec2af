import { createHash } from 'node:crypto';

/** Returns the strong ETag of bytes, the same in every process. */
export function entityTag(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('base64url')}"`;
}

/** Returns whether `If-None-Match` names an ETag, by weak comparison (RFC 9110, section 13.1.2). */
export function namesTag(condition: string | undefined, etag: string): boolean {
  const tags = condition?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes(etag) || tags.includes('*');
}
