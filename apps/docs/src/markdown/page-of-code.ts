import { failureCodeValues } from '@greenroom/contract';

import { operationsOf, publicDocument, valuesOf } from '@greenroom/compatibility/document';
import { errorPath, failurePath, operationPath } from '../pages/paths.ts';

const document = publicDocument();
const operationIds = new Set(operationsOf(document).map(({ object }) => object.operationId));
const failureCodes = new Set<string>(failureCodeValues);
const publicCodes = new Set((valuesOf(document.components.schemas['ErrorCode']) ?? []).map(String));

/** The page of what a piece of code names: an operation, an error or a failure; null where it names none. */
export function pageOfCode(code: string): string | null {
  if (operationIds.has(code)) return operationPath(code);
  if (failureCodes.has(code)) return failurePath(code);
  // Codes of one word are ordinary words elsewhere.
  return publicCodes.has(code) && /[._]/.test(code) ? errorPath(code) : null;
}
