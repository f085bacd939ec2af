import { operationTable } from '@greenroom/contract';
import { operationsOf, publicDocument } from '@greenroom/contract/document';
import { expect, test } from '@jest/globals';

test('the public document has every public operation and no internal one', () => {
  const shown = operationsOf(publicDocument()).map(({ object }) => object.operationId);
  const isPublic = Object.entries(operationTable).filter(([, { internal }]) => !internal);
  expect(shown.sort()).toEqual(isPublic.map(([id]) => id).sort());
});
