import { publicDocument } from '@greenroom/contract/document';
import { expect, test } from '@jest/globals';

import { casesOf } from './cases.ts';

const document = publicDocument();
const cases = casesOf(document);

test('every JSON example of the document is a case exactly once', () => {
  const { examples } = document.components as { examples?: Record<string, { value: unknown }> };
  const bodies = cases.map(({ body }) => JSON.stringify(body));
  const isForm = ({ value }: { value: unknown }) =>
    typeof value === 'object' && value !== null && 'image' in value;
  const isText = ({ value }: { value: unknown }) => typeof value === 'string';
  // The event in the body of a webhook.
  const bodyIn = ({ value }: { value: unknown }) => {
    const { timestamp, data } = value as { timestamp?: string; data?: unknown };
    return JSON.stringify(timestamp === undefined ? value : data);
  };
  const missing = Object.entries(examples ?? {}).filter(
    ([, example]) => !isForm(example) && !isText(example) && !bodies.includes(bodyIn(example)),
  );
  expect(missing.map(([name]) => name)).toEqual([]);
  const keys = cases.map(({ schema, body }) => JSON.stringify([schema, body]));
  expect(keys).toHaveLength(new Set(keys).size);
});

test('responses of a newer server have fields and values that the document lacks', () => {
  const known = JSON.stringify(document.components.schemas);
  const session = cases.find(({ name }) => name === 'a session with values that a later version adds');
  const { status, quality } = (session?.body ?? {}) as { status?: string; quality?: string };
  for (const value of [status, quality]) expect(known).not.toContain(`"${value}"`);
});
