import { operationTable } from '@greenroom/contract';
import { expect, test } from '@jest/globals';

import { operationsOf, publicDocument } from '../src/document.ts';

test('the public document has every public operation and no internal one', () => {
  const shown = operationsOf(publicDocument()).map(({ object }) => object.operationId);
  const isPublic = Object.entries(operationTable).filter(([, { internal }]) => !internal);
  expect(shown.sort()).toEqual(isPublic.map(([id]) => id).sort());
});
