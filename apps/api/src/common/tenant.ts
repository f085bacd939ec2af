import type { KeyMode } from '@greenroom/contract';

/** An organisation and a mode. A caller sees only the objects of its tenant, so every query has it. */
export interface Tenant {
  readonly orgId: string;
  readonly mode: KeyMode;
}
