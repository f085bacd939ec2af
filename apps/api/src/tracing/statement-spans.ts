import type { TraceStatement } from '@greenroom/database';
import type { Tracing } from '@greenroom/tracing';

/** The convention's limit of `db.query.summary`. */
const MAX_SUMMARY_LENGTH = 255;

const summaries = new Map<string, string>();

/** Returns a function that makes a span of each statement of a request that is traced. */
export function statementSpans(tracing: Tracing): TraceStatement {
  return async (text, run) => {
    if (!tracing.isActive || text === 'BEGIN') return run();
    const summary = summaryOf(text);
    const attributes = { 'db.system.name': 'postgresql', 'db.query.summary': summary };
    const span = tracing.startSpan(summary, { kind: 'client', attributes });
    try {
      return await run();
    } catch (error) {
      span.fail(codeOf(error));
      throw error;
    } finally {
      span.end();
    }
  };
}

/** Returns the operations of a statement with their tables, such as `UPDATE accounts INSERT sessions`. */
export function summaryOf(text: string): string {
  const known = summaries.get(text);
  if (known !== undefined) return known;
  const named = new Set(Array.from(text.matchAll(/\b([a-z_]+) AS \(/g), ([, name]) => name));
  const operations = text.matchAll(/\b(INSERT INTO|UPDATE|DELETE FROM|FROM|JOIN) ([a-z_]+)\b(?!\()/g);
  const parts = Array.from(operations, ([, operation = '', table = '']) =>
    named.has(table) ? '' : `${READS.has(operation) ? 'SELECT' : operation.split(' ')[0]} ${table}`,
  );
  const summary =
    [...new Set(parts)]
      .filter((part) => part !== '')
      .join(' ')
      .slice(0, MAX_SUMMARY_LENGTH) ||
    (/\w+(?: \w+(?=\())?/.exec(text)?.[0] ?? text);
  summaries.set(text, summary);
  return summary;
}

const READS = new Set(['FROM', 'JOIN']);

/** Returns the SQLSTATE of an error, or else its name. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
