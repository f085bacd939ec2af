import { operationTable, type OperationId, type Scope } from '@greenroom/contract';
import type { Request } from 'express';

import type { Identity } from '../contract/identity.ts';
import { ApiError } from '../errors/api-error.ts';
import { allOf } from '../errors/message-text.ts';
import { missingKeyError } from './authenticator.ts';

type Requirement = Readonly<Partial<Record<'customerKey' | 'workerKey', readonly Scope[]>>>;

/**
 * Returns a function that enforces the `security` of an operation: the kind of key, and the scopes.
 *
 * @throws {ApiError} 401 without a usable key, 403 if the key is of the other kind, lacks a scope or is of a suspended
 * organisation
 */
export function authorize(id: OperationId): (request: Request) => void {
  const [requirement]: readonly Requirement[] = operationTable[id].security;
  return ({ context }) => {
    if (requirement !== undefined) checkIdentity(context.identity, requirement);
  };
}

/** Returns whether a caller may call an operation. */
export function mayCall(identity: Identity, id: OperationId): boolean {
  const [requirement]: readonly Requirement[] = operationTable[id].security;
  try {
    if (requirement !== undefined) checkIdentity(identity, requirement);
    return true;
  } catch {
    return false;
  }
}

function checkIdentity(identity: Identity, { customerKey: scopes }: Requirement): void {
  if (identity.kind === 'anonymous') throw identity.error ?? missingKeyError();
  if (identity.kind !== (scopes === undefined ? 'worker' : 'customer')) {
    throw new ApiError('api_key.wrong_kind', { situation: identity.kind });
  }
  if (identity.kind === 'worker') return;
  if (identity.isSuspended) throw new ApiError('organisation.suspended');
  const missing = (scopes ?? []).filter((scope) => !identity.scopes.has(scope));
  if (missing.length > 0) {
    throw new ApiError('api_key.scope_required', { values: { scopes: allOf(missing) } });
  }
}
