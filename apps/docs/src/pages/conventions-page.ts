import type { OpenApiDocument } from '@greenroom/contract/document';

import type { Page } from './page.ts';

/** Returns the page with the conventions of every operation: the document's description after its introduction. */
export function conventionsPage({ info }: OpenApiDocument): Page {
  const [, ...sections] = (info.description ?? '').split(/\n(?=## )/);
  return {
    path: '/conventions/',
    title: 'Conventions',
    description: 'What all operations have in common: keys, errors, pages, retries, limits and changes.',
    section: 'Reference',
    blocks: [{ kind: 'prose', text: sections.join('\n') }],
  };
}
