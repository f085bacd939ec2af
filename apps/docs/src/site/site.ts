import { publicDocument } from '@greenroom/contract/document';

import { toMarkdown } from '../blocks/to-markdown.ts';
import { allPages } from '../pages/all-pages.ts';
import type { Page } from '../pages/page.ts';
import { stockPictures } from '../pages/stock-pictures.ts';
import { searchIndex } from '../search/search-index.ts';
import { bundled, named, type SiteFile } from './assets.ts';
import { machineFiles } from './machine-files.ts';
import { navigation } from './navigation.ts';
import { notFoundPage } from './not-found-page.ts';
import { pageHtml, type Frame } from './page-html.ts';
import { playgroundPage } from './playground-page.ts';
import { referencePage } from './reference-page.ts';
import { withRelativeMarkdownLinks } from './relative.ts';

const FAVICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0b6b4f"/><path d="M10 22v-8a6 6 0 0 1 12 0v8" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/><circle cx="16" cy="20" r="2.4" fill="#fff"/></svg>\n';

/** Builds every file of the site from the public document, the guides and the server's tables. */
export async function site(document = publicDocument()): Promise<SiteFile[]> {
  const pages = await allPages(document);
  const [style, script] = await Promise.all([bundled('theme/site.css'), bundled('browser/site.ts')]);
  const search = named('search', 'json', Buffer.from(searchIndex(pages)));
  const frame: Frame = {
    navigation: navigation(document, pages),
    assets: { style: `/${style.path}`, script: `/${script.path}`, search: `/${search.path}` },
  };
  return [
    style,
    script,
    search,
    ...(await referencePage(document, frame)),
    ...(await playgroundPage(document, frame)),
    ...pages.flatMap((page) => [
      { path: `${page.path}index.html`.slice(1), content: pageHtml(page, frame) },
      { path: `${page.path}index.md`.slice(1), content: pageMarkdown(page) },
    ]),
    ...machineFiles(document, pages),
    { path: 'favicon.svg', content: FAVICON },
    { path: 'sitemap.xml', content: sitemap(['/reference/', ...pages.map(({ path }) => path)]) },
    ...stockPictures().map(({ path, content }) => ({ path: path.slice(1), content })),
    { path: '404.html', content: notFoundPage(frame) },
  ];
}

/** Returns a page as Markdown. */
function pageMarkdown({ path, title, description, blocks, aside = [] }: Page): string {
  const body = toMarkdown([...blocks, ...aside]).replaceAll(/^(```\w+) (?:runnable|served|checked)/gm, '$1');
  const lead =
    body.startsWith(description) || body.includes(`\n\n${description}`) ? '' : `${description}\n\n`;
  return withRelativeMarkdownLinks(`# ${title}\n\n${lead}${body}\n`, path);
}

/** Returns the list of pages for search engines. The server puts its own address in place of `.`. */
function sitemap(paths: readonly string[]): string {
  const urls = paths.map((path) => `  <url><loc>.${path}</loc></url>`).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls}\n</urlset>\n`;
}
