import { failureCodeValues } from '@greenroom/contract';
import { operationsOf, publicDocument, valuesOf } from '@greenroom/contract/document';
import MarkdownIt from 'markdown-it';

import { escaped, raw, type Html } from '../html.ts';
import { errorPath, failurePath, operationPath } from '../paths.ts';
import { codeBlock } from './code-block.ts';

const document = publicDocument();
const operationIds = new Set(operationsOf(document).map(({ object }) => object.operationId));
const failureCodes = new Set<string>(failureCodeValues);
const publicCodes = new Set((valuesOf(document.components.schemas['ErrorCode']) ?? []).map(String));

const markdown = new MarkdownIt({ html: false });
const { rules } = markdown.renderer;

// Code that names an operation, an error or a failure links to its page.
rules['code_inline'] = (tokens, index) => {
  const { content = '' } = tokens[index] ?? {};
  const code = `<code>${escaped(content)}</code>`;
  const page = insideLink(tokens.slice(0, index)) ? null : codeLink(content);
  return page === null ? code : `<a href="${page}">${code}</a>`;
};

/** Returns the page of the operation, error or failure that inline code names, or null. */
function codeLink(code: string): string | null {
  if (operationIds.has(code)) return operationPath(code);
  if (failureCodes.has(code)) return failurePath(code);
  // Codes of one word are also ordinary words.
  return publicCodes.has(code) && /[._]/.test(code) ? errorPath(code) : null;
}

function insideLink(before: readonly { type: string }[]): boolean {
  return before.findLast(({ type }) => type.startsWith('link_'))?.type === 'link_open';
}

// ```js runnable name.mjs: after the language, whether a test runs the code or only checks it, and its title.
rules['fence'] = (tokens, index) => {
  const { content = '', info = '' } = tokens[index] ?? {};
  const [language = '', , title = ''] = info.trim().split(/\s+/);
  return codeBlock({ title, language, source: content }).text;
};

rules['heading_open'] = (tokens, index) => {
  const id = slug(tokens[index + 1]?.content ?? '');
  return `<${tokens[index]?.tag ?? 'h2'} id="${id}"><a class="anchor" href="#${id}">`;
};
rules['heading_close'] = (tokens, index) => `</a></${tokens[index]?.tag ?? 'h2'}>\n`;

rules['table_open'] = () => '<div class="table" tabindex="0" role="region" aria-label="Table"><table>';
rules['table_close'] = () => '</table></div>\n';

export function markdownToHtml(text: string): Html {
  return raw(markdown.render(text));
}

/** Returns a line of Markdown as HTML without a paragraph around it. */
export function inlineToHtml(text: string): Html {
  return raw(markdown.renderInline(text.trim()));
}

/** Returns Markdown as plain text, for a description or the search. */
export function plainText(text: string): string {
  return (
    text
      .replaceAll(/```[^]*?```/g, ' ')
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      // Characters inside of inline code are not markup.
      .replaceAll(/`([^`]*)`|[`*_#>|]/g, (_, code: string | undefined) => code ?? '')
      .replaceAll(/\s+/g, ' ')
      .trim()
  );
}

/** Returns the anchor of a heading. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
}
