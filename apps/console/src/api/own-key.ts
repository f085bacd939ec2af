import type { Schemas } from '@greenroom/client';
import type { Scope } from '@greenroom/contract';
import { useQuery } from '@tanstack/react-query';

import { queries } from './queries.ts';
import { useGreenroom } from './sign-in.ts';

/** Returns the key in use; undefined while it is unknown. */
export function useOwnKey(): Schemas['ApiKey'] | undefined {
  return useQuery(queries.ownKey(useGreenroom())).data;
}

/** Returns whether the key in use lacks a scope. While it is unknown, the server decides. */
export function useLacks(scope: Scope): boolean {
  const own = useOwnKey();
  return own !== undefined && !own.scopes.includes(scope);
}
