import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { OpenApiDocument } from '@greenroom/contract/document';

import { llmsText } from '../machine/llms-text.ts';
import { postmanCollection } from '../machine/postman/postman-collection.ts';
import { plainText } from '../markdown/markdown.ts';
import type { Page } from '../pages/page.ts';
import { operationPath } from '../paths.ts';
import type { SiteFile } from './assets.ts';

/** Returns the files for programs: the document as JSON and YAML, the Postman collection and `llms.txt`. */
export function machineFiles(document: OpenApiDocument, pages: readonly Page[]): SiteFile[] {
  return [
    { path: 'openapi.json', content: `${JSON.stringify(document, null, 2)}\n` },
    { path: 'openapi.yaml', content: ofContract('openapi.public.yaml') },
    { path: 'postman.json', content: `${JSON.stringify(postmanCollection(document), null, 2)}\n` },
    { path: 'llms.txt', content: listOfPages(document, pages) },
  ];
}

function ofContract(file: string): Buffer {
  return readFileSync(createRequire(import.meta.url).resolve(`@greenroom/contract/${file}`));
}

/** Lists the Markdown of every page, relative to the list. */
function listOfPages(document: OpenApiDocument, pages: readonly Page[]): string {
  const listed = (section: string) =>
    pages
      .filter((page) => page.section === section)
      .map(({ path, title, description }) => ({
        title,
        url: markdownUrl(path),
        description: plainText(description),
      }));
  return llmsText(document, {
    sections: ['Greenroom', 'Guides', 'Reference'].map((title) => ({ title, pages: listed(title) })),
    operationUrl: ({ object }) => markdownUrl(operationPath(object.operationId)),
    optional: ['Errors', 'Failures'].flatMap(listed),
  });
}

function markdownUrl(path: string): string {
  return `${path.slice(1)}index.md`;
}
