import { html } from '../html.ts';
import { layout } from './layout.ts';
import type { Frame } from './page-html.ts';

/**
 * Returns the page for an address without a page, at any depth. Its links start with `./` for the root of the site; the
 * server replaces it with the path to the root.
 */
export function notFoundPage(frame: Frame): string {
  const main = html`<div class="page plain">
    <header class="title">
      <p class="section">404</p>
      <h1>Page not found</h1>
      <p class="lead">It may have moved. Search for it, or start from the home page.</p>
    </header>
    <article>
      <p><a class="button" href="/">Home</a></p>
    </article>
  </div>`;
  const page = layout({
    ...frame,
    path: '/404/',
    title: 'Page not found',
    description: 'Page not found.',
    main,
  });
  return page.replaceAll('="/', '="./');
}
