/** The effect of a difference between two documents on callers. */
export type ChangeKind =
  /** A program may stop working. */
  | 'breaking'
  /** Something still works and will be removed. */
  | 'deprecation'
  /** Something was added. */
  | 'addition'
  /** Everything still works, and nothing was added. */
  | 'change';

export interface Change {
  kind: ChangeKind;
  /** The operation, or the field of a schema, that changed: `sessions.list`, `Session.failure`. */
  subject: string;
  /** The change, as a predicate for `subject`. */
  what: string;
}

/** Whether the caller writes the value, or reads it. The same difference may break one and not the other. */
export type Direction = 'request' | 'response';

/** The kinds, the most important first. */
export const CHANGE_KINDS: readonly ChangeKind[] = ['breaking', 'deprecation', 'addition', 'change'];

/** Merges equal differences from several locations into one, of the most severe kind. */
export function distinct(changes: readonly Change[]): Change[] {
  const found = new Map<string, Change>();
  for (const change of changes) {
    const key = `${change.subject}\n${change.what}`;
    const known = found.get(key);
    if (known === undefined || gravity(change) < gravity(known)) found.set(key, change);
  }
  return [...found.values()];
}

const gravity = ({ kind }: Change) => CHANGE_KINDS.indexOf(kind);
