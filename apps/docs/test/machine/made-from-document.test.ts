import { type OperationObject, operationsOf, publicDocument } from '@greenroom/contract/document';
import { expect, test } from '@jest/globals';

import { llmsText } from '../../src/machine/llms-text.ts';
import { postmanCollection } from '../../src/machine/postman/postman-collection.ts';
import { samplesOf } from '../../src/machine/samples/samples.ts';

const TOY: OperationObject = {
  operationId: 'toys.wind',
  tags: ['Sessions'],
  summary: 'Wind a toy',
  description: 'Turn its key.',
  security: [{ apiKey: ['sessions:write'] }],
  requestBody: { content: { 'application/json': { examples: { twice: { value: { turns: 2 } } } } } },
  responses: {
    200: {
      description: 'The toy.',
      content: {
        'application/json': {
          schema: { type: 'object' },
          examples: { wound: { value: { object: 'toy', turns: 2 } } },
        },
      },
    },
  },
};

const document = publicDocument();
document.paths['/v1/toys/{toy_id}/wind'] = {
  post: TOY,
  parameters: [
    { name: 'toy_id', in: 'path', required: true, schema: { type: 'string', examples: ['toy_1'] } },
  ],
};
const toy = operationsOf(document).find(({ object }) => object === TOY);

test('a new operation of the document has its samples', async () => {
  const samples = toy && (await samplesOf(document, toy));
  expect(samples?.map(({ source }) => source)).toEqual([
    `curl "$GREENROOM_URL/v1/toys/toy_1/wind" \\
  -H "Authorization: Bearer $GREENROOM_API_KEY" \\
  -H 'Content-Type: application/json' \\
  -d '{
    "turns": 2
  }'`,
    `const response = await fetch(\`\${process.env.GREENROOM_URL}/v1/toys/toy_1/wind\`, {
  method: 'POST',
  headers: {
    Authorization: \`Bearer \${process.env.GREENROOM_API_KEY}\`,
    'Content-Type': 'application/json',
  },
  body: JSON.stringify({ turns: 2 }),
});
if (!response.ok) throw new Error(\`\${response.status} \${await response.text()}\`);
console.log(await response.json());`,
    `# pip install httpx
import os

import httpx

response = httpx.post(
    f"{os.environ['GREENROOM_URL']}/v1/toys/toy_1/wind",
    headers={
        "Authorization": f"Bearer {os.environ['GREENROOM_API_KEY']}",
    },
    json={"turns": 2},
    timeout=30,
)
if response.is_error:
    raise SystemExit(response.text)
print(response.json())`,
    `import { createGreenroom } from '@greenroom/client';

const greenroom = createGreenroom({
  baseUrl: process.env.GREENROOM_URL,
  apiKey: process.env.GREENROOM_API_KEY,
});

const toys = await greenroom.toys.wind('toy_1', { turns: 2 });
console.log(toys);`,
  ]);
});

test('a new operation of the document is in the Postman collection', () => {
  const folder = postmanCollection(document).item.find(({ name }) => name === 'Sessions');
  const item = folder?.item.find(({ id }) => id === TOY.operationId);
  expect(item).toMatchObject({
    name: 'Wind a toy',
    request: {
      method: 'POST',
      url: {
        raw: '{{baseUrl}}/v1/toys/:toy_id/wind',
        path: ['v1', 'toys', ':toy_id', 'wind'],
        variable: [{ key: 'toy_id', value: 'toy_1' }],
      },
      body: { mode: 'raw', raw: '{\n  "turns": 2\n}' },
    },
    response: [{ code: 200, status: 'OK', body: '{\n  "object": "toy",\n  "turns": 2\n}' }],
  });
});

test('a new operation of the document is in llms.txt', () => {
  const operationUrl = () => '/docs/reference';
  expect(llmsText(document, { sections: [], operationUrl })).toContain(
    '- [Wind a toy](/docs/reference): `POST /v1/toys/{toy_id}/wind` (toys.wind). Turn its key.\n',
  );
});
