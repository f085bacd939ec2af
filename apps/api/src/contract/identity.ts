import type { KeyMode, Scope } from '@greenroom/contract';

import type { ApiError } from '../errors/api-error.ts';

/** A customer's key: which organisation speaks, in which mode, and what it may do. */
export interface CustomerIdentity {
  readonly kind: 'customer';
  readonly keyId: string;
  readonly orgId: string;
  readonly mode: KeyMode;
  readonly scopes: ReadonlySet<Scope>;
  /** Of the organisation where it has its own, else null: the server's default. */
  readonly requestsPerSecond: number | null;
  readonly createsPerSecond: number | null;
}

/** An operator's worker. */
export interface WorkerIdentity {
  readonly kind: 'worker';
  readonly keyId: string;
}

/** No usable key; `error` says what was wrong with the one given. */
export interface AnonymousIdentity {
  readonly kind: 'anonymous';
  readonly error: ApiError | null;
}

export type Identity = CustomerIdentity | WorkerIdentity | AnonymousIdentity;
