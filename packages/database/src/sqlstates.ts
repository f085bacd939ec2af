/** Whether a statement that failed may have written something. */
export type WriteOutcome = 'unchanged' | 'unknown';

/** The meaning of a SQLSTATE. Null is a bug, or an error that needs an operator: a retry does not help. */
type Meaning = WriteOutcome | null;

interface SqlstateClass {
  meaning: Meaning;
  /** Codes of the class that mean something else. */
  except?: Readonly<Record<string, Meaning>>;
}

const NOT_RETRYABLE: SqlstateClass = { meaning: null };

/**
 * What each class of PostgreSQL's manual (appendix A) means: whether the database is unavailable, so that the caller
 * may try again, and if so, whether something may have been written.
 */
const CLASSES: Readonly<Record<string, SqlstateClass>> = {
  // Successful completion, warnings, no data, statement not yet complete: no errors.
  '00': NOT_RETRYABLE,
  '01': NOT_RETRYABLE,
  '02': NOT_RETRYABLE,
  '03': NOT_RETRYABLE,
  // The connection broke, maybe between a commit and its confirmation; 08001 and 08004: there was none yet.
  '08': { meaning: 'unknown', except: { '08001': 'unchanged', '08004': 'unchanged' } },
  // Triggered actions, features, transaction initiation, locators, grantors, roles, diagnostics, XQuery, CASE.
  '09': NOT_RETRYABLE,
  '0A': NOT_RETRYABLE,
  '0B': NOT_RETRYABLE,
  '0F': NOT_RETRYABLE,
  '0L': NOT_RETRYABLE,
  '0P': NOT_RETRYABLE,
  '0Z': NOT_RETRYABLE,
  '10': NOT_RETRYABLE,
  '20': NOT_RETRYABLE,
  // Cardinality, data, integrity, cursors.
  '21': NOT_RETRYABLE,
  '22': NOT_RETRYABLE,
  '23': NOT_RETRYABLE,
  '24': NOT_RETRYABLE,
  // Transaction state. 25006: a standby after a failover, or made read-only; 25P03, 25P04: idle or open for too long.
  '25': { meaning: null, except: { '25006': 'unchanged', '25P03': 'unchanged', '25P04': 'unchanged' } },
  // Statement names, triggers.
  '26': NOT_RETRYABLE,
  '27': NOT_RETRYABLE,
  // The password or the role was changed: no connection is made until an operator corrects it.
  '28': { meaning: 'unchanged' },
  // Dependent privileges, transaction termination, routines, cursor names, savepoints.
  '2B': NOT_RETRYABLE,
  '2D': NOT_RETRYABLE,
  '2F': NOT_RETRYABLE,
  '34': NOT_RETRYABLE,
  '38': NOT_RETRYABLE,
  '39': NOT_RETRYABLE,
  '3B': NOT_RETRYABLE,
  // The database does not exist, for example while it is restored.
  '3D': { meaning: 'unchanged' },
  // Schema names.
  '3F': NOT_RETRYABLE,
  // Rolled back: serialization failure, deadlock. 40002: a constraint; 40003: the commit's result is not known.
  '40': { meaning: 'unchanged', except: { '40002': null, '40003': 'unknown' } },
  // Syntax and access rules, check options.
  '42': NOT_RETRYABLE,
  '44': NOT_RETRYABLE,
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
  '72': NOT_RETRYABLE,
  F0: NOT_RETRYABLE,
  HV: NOT_RETRYABLE,
  P0: NOT_RETRYABLE,
  XX: NOT_RETRYABLE,
};

/** Returns what a SQLSTATE means; undefined for a class that the manual does not list. */
export function meaningOfSqlstate(code: string): Meaning | undefined {
  if (!/^[0-9A-Z]{5}$/.test(code)) return undefined;
  const listed = CLASSES[code.slice(0, 2)];
  if (listed === undefined) return undefined;
  const exception = listed.except?.[code];
  return exception === undefined ? listed.meaning : exception;
}
