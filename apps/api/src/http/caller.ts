import type { Request } from 'express';

/** Returns the name of a request's caller: its organisation, its worker key or its address. */
export function callerOf({ context: { identity }, ip }: Request): string {
  switch (identity.kind) {
    case 'customer':
      return `org ${identity.orgId}`;
    case 'worker':
      return `key ${identity.keyId}`;
    case 'anonymous':
      return `address ${ip ?? 'unknown'}`;
  }
}

/** Whether a request ends a session. It has a separate share, so that other requests never delay the end of billing. */
export function isEnd({ context }: Request): boolean {
  return context.operationId === 'sessions.end';
}

/** Returns the name of the share of capacity and of database connections that a request counts against. */
export function shareOf(request: Request): string {
  return isEnd(request) ? `${callerOf(request)} ends` : callerOf(request);
}
