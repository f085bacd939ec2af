import type { OpenApiDocument } from '@greenroom/contract/document';

import { GUIDE_GROUPS } from '../pages/guide-pages.ts';
import { operationsByTag } from '../pages/operations-page.ts';
import type { Page } from '../pages/page.ts';
import { guidePath, operationPath } from '../paths.ts';

export interface NavigationGroup {
  title: string;
  items: { title: string; path: string; method?: string }[];
}

/** Returns the navigation that every page shows. */
export function navigation(document: OpenApiDocument, pages: readonly Page[]): NavigationGroup[] {
  const titleOf = (path: string) => pages.find((page) => page.path === path)?.title ?? path;
  return [
    ...GUIDE_GROUPS.map(({ title, guides }) => ({
      title,
      items: guides.map((name) => ({ title: titleOf(guidePath(name)), path: guidePath(name) })),
    })),
    {
      title: 'Reference',
      items: [
        { title: 'Playground', path: '/playground/' },
        { title: 'Try it', path: '/reference/' },
        { title: 'Conventions', path: '/conventions/' },
        { title: 'Operations', path: '/operations/' },
        { title: 'Webhooks', path: '/webhooks/' },
        { title: 'Error codes', path: '/errors/' },
        { title: 'Failure codes', path: '/failures/' },
        { title: 'Changelog', path: '/changelog/' },
      ],
    },
    ...operationsByTag(document).map(({ tag, operations }) => ({
      title: tag,
      items: operations.map(({ object, method }) => ({
        title: object.summary ?? object.operationId,
        path: operationPath(object.operationId),
        method,
      })),
    })),
  ];
}
