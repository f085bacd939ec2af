import type { Schema } from '@greenroom/contract/document';

import type { Change, Direction } from './change.ts';

const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];

/** Compares the bounds, pattern, format and constant of two schemas. */
export function compareLimits(
  before: Schema,
  after: Schema,
  subject: string,
  direction: Direction,
): Change[] {
  return [
    ...UPPER.flatMap((keyword) => bound(keyword, Infinity, (old, current) => current < old)),
    ...LOWER.flatMap((keyword) => bound(keyword, -Infinity, (old, current) => current > old)),
    ...['pattern', 'format', 'const', 'multipleOf', 'uniqueItems'].flatMap(rule),
    ...byDefault(),
  ];

  /** A tighter bound can reject a caller's value. In a response it does no harm. */
  function bound(
    keyword: string,
    none: number,
    tighter: (old: number, current: number) => boolean,
  ): Change[] {
    const [old = none, current = none] = [before[keyword], after[keyword]] as [number?, number?];
    if (old === current) return [];
    const breaking = direction === 'request' && tighter(old, current);
    return [{ kind: breaking ? 'breaking' : 'change', subject, what: moved(keyword) }];
  }

  /** Whether one pattern includes another cannot be decided, so any new pattern may reject a caller's value. */
  function rule(keyword: string): Change[] {
    if (JSON.stringify(before[keyword]) === JSON.stringify(after[keyword])) return [];
    const stricter = direction === 'request' && after[keyword] !== undefined;
    const otherMeaning = direction === 'response' && (keyword === 'const' || keyword === 'format');
    return [{ kind: stricter || otherMeaning ? 'breaking' : 'change', subject, what: moved(keyword) }];
  }

  /** Another default changes the result for callers that omit the field. */
  function byDefault(): Change[] {
    if (direction === 'response' || JSON.stringify(before.default) === JSON.stringify(after.default)) {
      return [];
    }
    return [{ kind: before.default === undefined ? 'change' : 'breaking', subject, what: moved('default') }];
  }

  function moved(keyword: string): string {
    const [old, current] = [before[keyword], after[keyword]].map((value) =>
      value === undefined ? 'none' : `\`${JSON.stringify(value)}\``,
    );
    return `changed \`${keyword}\` from ${String(old)} to ${String(current)}`;
  }
}
