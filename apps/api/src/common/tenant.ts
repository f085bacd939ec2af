import type { KeyMode } from '@greenroom/contract';

/** Whose objects a caller sees: its organisation's, in its key's mode. Part of every question to the database. */
export interface Tenant {
  readonly orgId: string;
  readonly mode: KeyMode;
}
