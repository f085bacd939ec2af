import { operationsOf, type OpenApiDocument, type Operation } from '@greenroom/contract/document';

import type { Block } from '../blocks/block.ts';
import { operationPath } from '../paths.ts';
import type { Page } from './page.ts';

/** The operations of each tag, in the document's order. */
export function operationsByTag(
  document: OpenApiDocument,
): { tag: string; text: string; operations: Operation[] }[] {
  return (document.tags ?? []).map(({ name, description = '' }) => ({
    tag: name,
    text: description,
    operations: operationsOf(document).filter(({ object }) => object.tags?.includes(name)),
  }));
}

export function operationsPage(document: OpenApiDocument): Page {
  return {
    path: '/operations/',
    title: 'Operations',
    description: 'All operations of the API by resource.',
    section: 'Reference',
    blocks: operationsByTag(document).flatMap(({ tag, text, operations }): Block[] => [
      { kind: 'heading', level: 2, text: tag },
      { kind: 'prose', text },
      {
        kind: 'links',
        links: operations.map(({ object, method, path }) => ({
          tag: method,
          title: path,
          href: operationPath(object.operationId),
          text: `${object.summary ?? ''} (\`${object.operationId}\`)`,
        })),
      },
    ]),
  };
}
