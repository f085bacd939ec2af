import { failureCodeValues } from '@greenroom/contract';
import { operationsOf, publicDocument, valuesOf } from '@greenroom/contract/document';

import { errorPath, failurePath, operationPath } from '../paths.ts';

const document = publicDocument();
const operationIds = new Set(operationsOf(document).map(({ object }) => object.operationId));
const failureCodes = new Set<string>(failureCodeValues);
const publicCodes = new Set((valuesOf(document.components.schemas['ErrorCode']) ?? []).map(String));

/** Returns the page of the operation, error or failure that inline code names, or null. */
export function codeLink(code: string): string | null {
  if (operationIds.has(code)) return operationPath(code);
  if (failureCodes.has(code)) return failurePath(code);
  // Codes of one word are also ordinary words.
  return publicCodes.has(code) && /[._]/.test(code) ? errorPath(code) : null;
}
