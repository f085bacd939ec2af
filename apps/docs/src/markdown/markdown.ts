import MarkdownIt from 'markdown-it';

import { escaped, raw, type Html } from '../html.ts';
import { codeBlock } from './code-block.ts';
import { pageOfCode } from './page-of-code.ts';
import { slug } from './slug.ts';

const markdown = new MarkdownIt({ html: false });
const { rules } = markdown.renderer;

// A word of code that has a page of its own leads to it.
rules['code_inline'] = (tokens, index) => {
  const { content = '' } = tokens[index] ?? {};
  const code = `<code>${escaped(content)}</code>`;
  const page = insideLink(tokens.slice(0, index)) ? null : pageOfCode(content);
  return page === null ? code : `<a href="${page}">${code}</a>`;
};

function insideLink(before: readonly { type: string }[]): boolean {
  return before.findLast(({ type }) => type.startsWith('link_'))?.type === 'link_open';
}

// ```js runnable name.mjs: what it is called, and that a test runs it, is said after the language.
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

/** For a line: without a paragraph around it. */
export function inlineToHtml(text: string): Html {
  return raw(markdown.renderInline(text.trim()));
}

/** The words without their marks, for a description or the search. */
export function plainText(text: string): string {
  return text
    .replaceAll(/```[^]*?```/g, ' ')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[`*_#>|]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
