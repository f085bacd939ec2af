import { operationsOf, type OpenApiDocument, type Operation } from '@greenroom/contract/document';

/** A page to list. */
export interface ListedPage {
  title: string;
  url: string;
  description: string;
}

export interface ListedPages {
  /** The sections before the reference, in order. */
  sections: { title: string; pages: ListedPage[] }[];
  /** Returns the page of an operation. */
  operationUrl: (operation: Operation) => string;
  /** Less important pages. The format has the heading "Optional" for them. */
  optional?: ListedPage[];
}

/**
 * Returns `/llms.txt` in the format of llmstxt.org: a summary and links to the pages. The reference has a section for
 * each tag of the document and a link for each operation.
 */
export function llmsText(
  document: OpenApiDocument,
  { sections, operationUrl, optional = [] }: ListedPages,
): string {
  const { info, tags = [] } = document;
  const operations = operationsOf(document);
  const reference = tags.map(({ name }) => ({
    title: `API reference: ${name}`,
    pages: operations
      .filter(({ object }) => object.tags?.[0] === name)
      .map((operation) => ({
        title: operation.object.summary ?? operation.object.operationId,
        url: operationUrl(operation),
        description: descriptionOf(operation),
      })),
  }));
  const paragraphs = [
    `# ${info.title}`,
    `> ${oneLine(info.summary ?? '')}`,
    firstParagraph(info.description),
    ...[...sections, ...reference, { title: 'Optional', pages: optional }]
      .filter(({ pages }) => pages.length > 0)
      .map(({ title, pages }) => `## ${title}\n\n${pages.map(link).join('\n')}`),
  ];
  return `${paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')}\n`;
}

function descriptionOf({ method, path, object }: Operation): string {
  const deprecated = object.deprecated === true ? 'Deprecated. ' : '';
  return `\`${method.toUpperCase()} ${path}\` (${object.operationId}). ${deprecated}${firstParagraph(object.description)}`;
}

function link({ title, url, description }: ListedPage): string {
  const text = oneLine(title).replaceAll(/[[\]\\]/g, String.raw`\$&`);
  return `- [${text}](${url})${description === '' ? '' : `: ${oneLine(description)}`}`;
}

function firstParagraph(text = ''): string {
  return oneLine(text.trim().split(/\n\s*\n/)[0] ?? '');
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
