/** Whether something may have been written although an error came instead of a result. */
export type WriteOutcome = 'unchanged' | 'unknown';

/** The meaning of a SQLSTATE. Null is a bug, or an error that needs an operator: a retry does not help. */
type Meaning = WriteOutcome | null;

interface SqlstateClass {
  meaning: Meaning;
  /** Codes of the class that mean something else. */
  except?: Readonly<Record<string, Meaning>>;
}

const FAULT: SqlstateClass = { meaning: null };

/**
 * What each class of PostgreSQL's manual (appendix A) means: whether the database cannot serve now, so that the caller
 * may try again, and then what is known of the writes.
 */
const CLASSES: Readonly<Record<string, SqlstateClass>> = {
  // Successful completion, warnings, no data, statement not yet complete: no errors.
  '00': FAULT,
  '01': FAULT,
  '02': FAULT,
  '03': FAULT,
  // The connection broke, maybe between a commit and its confirmation; 08001 and 08004: there was none yet.
  '08': { meaning: 'unknown', except: { '08001': 'unchanged', '08004': 'unchanged' } },
  // Triggered actions, features, transaction initiation, locators, grantors, roles, diagnostics, XQuery, CASE.
  '09': FAULT,
  '0A': FAULT,
  '0B': FAULT,
  '0F': FAULT,
  '0L': FAULT,
  '0P': FAULT,
  '0Z': FAULT,
  '10': FAULT,
  '20': FAULT,
  // Cardinality, data, integrity, cursors.
  '21': FAULT,
  '22': FAULT,
  '23': FAULT,
  '24': FAULT,
  // Transaction state. 25006: a standby after a failover, or made read-only; 25P03, 25P04: idle or open for too long.
  '25': { meaning: null, except: { '25006': 'unchanged', '25P03': 'unchanged', '25P04': 'unchanged' } },
  // Statement names, triggers.
  '26': FAULT,
  '27': FAULT,
  // The password or the role was changed: no connection is made until an operator corrects it.
  '28': { meaning: 'unchanged' },
  // Dependent privileges, transaction termination, routines, cursor names, savepoints.
  '2B': FAULT,
  '2D': FAULT,
  '2F': FAULT,
  '34': FAULT,
  '38': FAULT,
  '39': FAULT,
  '3B': FAULT,
  // The database does not exist, for example while it is restored.
  '3D': { meaning: 'unchanged' },
  // Schema names.
  '3F': FAULT,
  // Rolled back: serialization failure, deadlock. 40002: a constraint; 40003: the commit's result is not known.
  '40': { meaning: 'unchanged', except: { '40002': null, '40003': 'unknown' } },
  // Syntax and access rules, check options.
  '42': FAULT,
  '44': FAULT,
  // Out of disk, memory, connections or another configured limit.
  '53': { meaning: 'unchanged' },
  // A limit of the server, such as transaction ids that would wrap around.
  '54': { meaning: 'unchanged' },
  // Object state. 55006, 55P03: in use, or no lock in time.
  '55': { meaning: null, except: { '55006': 'unchanged', '55P03': 'unchanged' } },
  // Shutting down, crashed, dropped: the connection broke. 57014: canceled, so rolled back; 57P03: starting up.
  '57': { meaning: 'unknown', except: { '57014': 'unchanged', '57P03': 'unchanged' } },
  // The operating system or the storage failed.
  '58': { meaning: 'unknown' },
  // Snapshots, configuration files, foreign data, PL/pgSQL, internal errors and corruption.
  '72': FAULT,
  F0: FAULT,
  HV: FAULT,
  P0: FAULT,
  XX: FAULT,
};

/** Returns what a SQLSTATE means; undefined for a code of no class that the manual lists. */
export function meaningOfSqlstate(code: string): Meaning | undefined {
  if (!/^[0-9A-Z]{5}$/.test(code)) return undefined;
  const listed = CLASSES[code.slice(0, 2)];
  if (listed === undefined) return undefined;
  const exception = listed.except?.[code];
  return exception === undefined ? listed.meaning : exception;
}
