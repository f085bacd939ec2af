import type { Block } from '../blocks/block.ts';
import { toHtml } from '../blocks/to-html.ts';
import { html, type Html } from '../html.ts';
import { inlineToHtml, plainText, slug } from '../markdown/markdown.ts';
import type { Page } from '../pages/page.ts';
import { layout, type LayoutOptions } from './layout.ts';
import { withRelativeLinks } from './relative.ts';

/** The parts that all pages share. */
export type Frame = Pick<LayoutOptions, 'navigation' | 'assets'>;

/** Pages with fewer headings have no table of contents. */
const MIN_HEADINGS = 3;

export function pageHtml(page: Page, frame: Frame): string {
  const { path, title, description, section, blocks, aside = [] } = page;
  const kind = path === '/' ? 'landing' : aside.length > 0 ? 'split' : 'plain';
  const main = html`<div class="page ${kind}">
    <header class="title">
      <p class="section">${section}</p>
      <h1>${title}</h1>
      ${hasLead(page) && html`<p class="lead">${inlineToHtml(description)}</p>`}
    </header>
    ${aside.length > 0 ? html`<aside class="samples" aria-label="Samples">${toHtml(aside)}</aside>` : contents(blocks)}
    <article>${toHtml(blocks)}</article>
    <footer><a href="${path}index.md">This page as Markdown</a></footer>
  </div>`;
  return withRelativeLinks(
    layout({ ...frame, path, title, description: plainText(description), main, hasMarkdown: true }),
    path,
  );
}

/** A page whose text starts with the description does not repeat it as its lead. */
function hasLead({ description, blocks }: Page): boolean {
  return !blocks.some((block) => block.kind === 'prose' && block.text.startsWith(description));
}

function contents(blocks: readonly Block[]): Html | null {
  const headings = blocks.flatMap((block) => {
    if (block.kind === 'heading') return block.level === 2 ? [block.text] : [];
    return block.kind === 'prose' ? [...block.text.matchAll(/^## (.+)$/gm)].map(([, text = '']) => text) : [];
  });
  if (headings.length < MIN_HEADINGS) return null;
  return html`<nav class="contents" aria-label="On this page">
    <p>On this page</p>
    <ul>
      ${headings.map((text) => html`<li><a href="#${slug(text)}">${plainText(text)}</a></li>`)}
    </ul>
  </nav>`;
}
