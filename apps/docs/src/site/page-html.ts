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
  const introduction = kind === 'plain' ? [] : blocks.slice(0, blocks.findIndex(isHeading));
  const main = html`<div class="page ${kind}">
    <header class="title">
      ${kind !== 'landing' && html`<p class="section">${section}</p>`}
      <h1>${title}</h1>
      ${hasLead(page) && html`<p class="lead">${inlineToHtml(description)}</p>`}
    </header>
    ${introduction.length > 0 && html`<div class="introduction">${toHtml(introduction)}</div>`}
    ${kind !== 'landing' && onThisPage(blocks)}
    ${aside.length > 0 && html`<aside class="samples" aria-label="${kind === 'landing' ? 'Avatars' : 'Samples'}">${toHtml(aside)}</aside>`}
    <article>${toHtml(blocks.slice(introduction.length))}</article>
    <footer>
      ${kind !== 'landing' && neighbours(path, frame)}
      <a href="${path}index.md">This page as Markdown</a>
    </footer>
  </div>`;
  return withRelativeLinks(
    layout({ ...frame, path, title, description: plainText(description), main, hasMarkdown: true }),
    path,
  );
}

/** Returns whether the description is shown as the lead: not when the text starts with it. */
function hasLead({ description, blocks }: Page): boolean {
  return !blocks.some((block) => block.kind === 'prose' && block.text.startsWith(description));
}

function isHeading({ kind }: Block): boolean {
  return kind === 'heading';
}

/** Returns links to the previous and the next page, in the order of the navigation. */
function neighbours(path: string, { navigation }: Frame): Html | null {
  const items = navigation.flatMap((group) => group.items);
  const at = items.findIndex((item) => item.path === path);
  if (at < 0) return null;
  const link = (item: (typeof items)[number] | undefined, rel: 'prev' | 'next', label: string) =>
    item !== undefined && html`<a rel="${rel}" href="${item.path}"><span>${label}</span>${item.title}</a>`;
  return html`<nav class="neighbours" aria-label="Previous and next page">
    ${link(items[at - 1], 'prev', 'Previous')} ${link(items[at + 1], 'next', 'Next')}
  </nav>`;
}

function onThisPage(blocks: readonly Block[]): Html | null {
  const headings = blocks.flatMap((block) => {
    if (block.kind === 'heading') {
      return block.level === 2 ? [{ id: slug(block.text), text: block.text }] : [];
    }
    if (block.kind !== 'prose') return [];
    return [...block.text.matchAll(/^## (.+)$/gm)].map(([, text = '']) => ({
      id: slug(text),
      text: plainText(text),
    }));
  });
  if (headings.length < MIN_HEADINGS) return null;
  return html`<nav class="on-this-page" aria-label="On this page">
    <p>On this page</p>
    <ul>
      ${headings.map(({ id, text }) => html`<li><a href="#${id}">${text}</a></li> `)}
    </ul>
  </nav>`;
}
