import type { Request } from 'express';

/** Names the party whose share a request counts against: its organisation, its worker key or its address. */
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

/** Whether a request ends a session: nothing else that its caller does may keep it from stopping what costs. */
export function isEnd({ context }: Request): boolean {
  return context.operationId === 'sessions.end';
}

/** Names the share of capacity and of database connections that a request counts against. */
export function shareOf(request: Request): string {
  return isEnd(request) ? `${callerOf(request)} ends` : callerOf(request);
}
