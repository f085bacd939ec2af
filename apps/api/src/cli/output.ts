import type { Command } from 'commander';

import { printable } from '../errors/message-text.ts';
import { currentInvocation } from './invocation.ts';

/** An object of JSON values, as `--json` prints it. */
export type Row = Readonly<Record<string, unknown>>;

/** Prints an object: as JSON, or a line for each field. */
export function printObject(command: Command, object: Row): void {
  const { print } = currentInvocation();
  print(isJson(command) ? JSON.stringify(object) : aligned(Object.entries(flattened(object))));
}

/** Prints a list: as a JSON array, or as a table. */
export function printList(command: Command, rows: readonly Row[]): void {
  const { print } = currentInvocation();
  if (isJson(command)) {
    print(JSON.stringify(rows));
  } else if (rows.length > 0) {
    const shown = rows.map(flattened);
    print(aligned([Object.keys(shown[0] ?? {}), ...shown.map((row) => Object.values(row))]));
  }
}

export function isJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: true }>().json === true;
}

/** Returns the fields of an object, including those of nested objects, such as `live.balance`. */
function flattened(object: Row): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object).flatMap(([name, value]): [string, string][] => {
      if (value === null || value === undefined) return [[name, '-']];
      if (Array.isArray(value)) return [[name, printable(value.join(' '))]];
      if (typeof value !== 'object') {
        return [[name, typeof value === 'string' ? printable(value) : JSON.stringify(value)]];
      }
      return Object.entries(flattened(value as Row)).map(([inner, text]) => [`${name}.${inner}`, text]);
    }),
  );
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
