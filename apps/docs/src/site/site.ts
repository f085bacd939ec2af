import { publicDocument } from '@greenroom/contract/document';

import { allPages } from '../pages/all-pages.ts';
import { searchIndex } from '../search/search-index.ts';
import { bundled, named, type SiteFile } from './assets.ts';
import { machineFiles } from './machine-files.ts';
import { navigation } from './navigation.ts';
import { notFoundPage } from './not-found-page.ts';
import { pageHtml, type Frame } from './page-html.ts';
import { pageMarkdown } from './page-markdown.ts';
import { referencePage } from './reference-page.ts';

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
    ...pages.flatMap((page) => [
      { path: `${page.path}index.html`.slice(1), content: pageHtml(page, frame) },
      { path: `${page.path}index.md`.slice(1), content: pageMarkdown(page) },
    ]),
    ...machineFiles(document, pages),
    { path: '404.html', content: notFoundPage(frame) },
  ];
}
