import type { OpenApiDocument, Schema } from '@greenroom/contract/document';

import type { Change } from './change.ts';
import { compareNames } from './compare-names.ts';

/** Compares the status and the type of each error code. Programs branch on both, so another value breaks them. */
export function compareErrorTables(before: OpenApiDocument, after: OpenApiDocument): Change[] {
  const [old, current] = [tableOf(before), tableOf(after)];
  return compareNames(Object.keys(old), Object.keys(current)).kept.flatMap((code) =>
    (['status', 'type'] as const)
      .filter((property) => old[code]?.[property] !== current[code]?.[property])
      .map((property) => ({
        kind: 'breaking' as const,
        subject: code,
        what: `changed ${property} from ${String(old[code]?.[property])} to ${String(current[code]?.[property])}`,
      })),
  );
}

function tableOf({ components }: OpenApiDocument): NonNullable<Schema['x-errors']> {
  return components.schemas['ErrorCode']?.['x-errors'] ?? {};
}
