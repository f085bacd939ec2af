import { operationsOf, serverUrl, type OpenApiDocument, type Operation } from '@greenroom/contract/document';

import { exampleResponse } from '../samples/example-response.ts';
import { COLLECTION_SCHEMA, type Collection } from './collection-format.ts';
import { itemOf } from './item.ts';

/**
 * Returns the document as a Postman collection: a folder for each tag, and a request for each operation with the values
 * of the document's examples. Leaves out streams, because a run would wait for their end. The same document gives a
 * byte-identical collection. The user sets the key.
 */
export function postmanCollection(document: OpenApiDocument): Collection {
  const { info, tags = [], servers = [] } = document;
  const operations = operationsOf(document).filter((operation) => !isStream(document, operation));
  return {
    info: {
      name: info.title,
      description: info.description ?? '',
      version: info.version,
      schema: COLLECTION_SCHEMA,
    },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{apiKey}}', type: 'string' }] },
    variable: [
      { key: 'baseUrl', value: servers[0] ? serverUrl(servers[0]) : '', type: 'string' },
      { key: 'apiKey', value: '', type: 'string' },
    ],
    item: tags.map(({ name, description = '' }) => ({
      name,
      description,
      item: operations
        .filter(({ object }) => object.tags?.[0] === name)
        .map((operation) => itemOf(document, operation)),
    })),
  };
}

/** Returns whether a successful response has no end. */
export function isStream(document: OpenApiDocument, operation: Operation): boolean {
  return exampleResponse(document, operation).kind === 'events';
}
