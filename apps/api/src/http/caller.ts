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
