import { html } from '../html.ts';
import { layout } from './layout.ts';
import type { Frame } from './page-html.ts';

/**
 * Shown in place of any page that is not there, so at any depth. Its addresses begin with `./`, the start of the site:
 * whoever serves it from deeper puts their own path in place of that.
 */
export function notFoundPage(frame: Frame): string {
  const main = html`<div class="page plain">
    <header class="title">
      <p class="section">404</p>
      <h1>There is no such page</h1>
      <p class="lead">It may have moved. Search for it, or begin at the start.</p>
    </header>
    <article>
      <p><a class="button" href="/">To the start</a></p>
    </article>
  </div>`;
  const page = layout({
    ...frame,
    path: '/404/',
    title: 'Not found',
    description: 'There is no such page.',
    main,
  });
  return page.replaceAll('="/', '="./');
}
