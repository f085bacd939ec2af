import type { KeyMode, Scope } from '@greenroom/contract';

import type { ApiError } from '../errors/api-error.ts';

/** A caller with a customer's key: its organisation, its mode and its permissions. */
export interface CustomerIdentity {
  readonly kind: 'customer';
  readonly keyId: string;
  readonly orgId: string;
  readonly mode: KeyMode;
  readonly scopes: ReadonlySet<Scope>;
  /** The organisation's override of the server's default; null if it has none. */
  readonly requestsPerSecond: number | null;
  readonly createsPerSecond: number | null;
  readonly isSuspended: boolean;
}

/** A caller with a worker's key. */
export interface WorkerIdentity {
  readonly kind: 'worker';
  readonly keyId: string;
}

/** A caller without a usable key. */
export interface AnonymousIdentity {
  readonly kind: 'anonymous';
  /** Why the given key is not usable; null if none was given. */
  readonly error: ApiError | null;
}

export type Identity = CustomerIdentity | WorkerIdentity | AnonymousIdentity;
