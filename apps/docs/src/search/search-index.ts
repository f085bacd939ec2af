import MiniSearch from 'minisearch';

import type { Block, Field } from '../blocks/block.ts';
import { toMarkdown } from '../blocks/to-markdown.ts';
import { plainText } from '../markdown/markdown.ts';
import type { Page } from '../pages/page.ts';
import { SEARCH_OPTIONS } from './search-options.ts';

/** The index that the browser loads, as JSON. */
export function searchIndex(pages: readonly Page[]): string {
  // Results show the stored fields; the text of the page is only indexed.
  const index = new MiniSearch({
    ...SEARCH_OPTIONS,
    extractField: (page: Page, field: string) => fieldOf(page, field),
  });
  index.addAll(pages);
  return JSON.stringify(index);
}

function fieldOf(page: Page, field: string): string {
  switch (field) {
    case 'path':
      return page.path;
    case 'title':
      return page.title;
    case 'section':
      return page.section;
    case 'keywords':
      return page.keywords?.join(' ') ?? '';
    case 'headings':
      return page.blocks.map(headingsOf).join(' ');
    case 'details':
      return page.blocks.flatMap(detailsOf).join(' ');
    default:
      return plainText(page.description).slice(0, 160);
  }
}

/** Headings, and names of fields and links. */
function headingsOf(block: Block): string {
  if (block.kind === 'heading') return block.text;
  if (block.kind === 'fields') return block.fields.map(({ name }) => name).join(' ');
  return block.kind === 'prose' ? plainText(toMarkdown([block])) : '';
}

/** Facts, such as scopes, and names of fields inside others. */
function detailsOf(block: Block): string[] {
  if (block.kind === 'facts') return block.facts.map(({ text }) => text);
  return block.kind === 'fields' ? namesInside(block.fields) : [];
}

/** Names of the fields inside others, at any depth. */
function namesInside(fields: readonly Field[]): string[] {
  return fields.flatMap(({ children }) => [...children.map(({ name }) => name), ...namesInside(children)]);
}
