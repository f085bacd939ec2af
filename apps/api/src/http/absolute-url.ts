import type { Request } from 'express';

/** A host that is longer would leave no room for the message that has the link. */
const MAX_LENGTH = 512;

/** Returns a link to a path of this server at the address that the caller used; the path where that is not known. */
export function absoluteUrl({ protocol, host }: Pick<Request, 'protocol' | 'host'>, path: string): string {
  const base = `${protocol}://${host}`;
  if (!host || !URL.canParse(base)) return path;
  const url = new URL(base).origin + path;
  return url.length > MAX_LENGTH ? path : url;
}
