/** What a difference between two documents means to who calls the API. */
export type ChangeKind =
  /** A program that worked may work no longer. */
  | 'breaking'
  /** Something works still and will be taken away. */
  | 'deprecation'
  /** There is more than before. */
  | 'addition'
  /** Whatever worked works, and nothing was added. */
  | 'change';

export interface Change {
  kind: ChangeKind;
  /** The operation, or the field of a schema, that changed: `sessions.list`, `Session.failure`. */
  subject: string;
  /** What happened to it, as the rest of a sentence. */
  what: string;
}

/** Whether the caller writes the value, or reads it. The same difference may break one and not the other. */
export type Direction = 'request' | 'response';

/** From what must be read first to what may be skipped. */
export const CHANGE_KINDS: readonly ChangeKind[] = ['breaking', 'deprecation', 'addition', 'change'];

/** The same difference seen from several places is one; the gravest view of it counts. */
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
