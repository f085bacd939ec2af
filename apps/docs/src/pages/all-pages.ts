import { operationsOf, type OpenApiDocument } from '@greenroom/contract/document';

import { changelogPage } from './changelog-page.ts';
import { conventionsPage } from './conventions-page.ts';
import { errorPages, errorsPage } from './error-pages.ts';
import { failurePages, failuresPage } from './failure-pages.ts';
import { guidePages } from './guide-pages.ts';
import { landingPage } from './landing-page.ts';
import { commonErrors, operationPage } from './operation-page.ts';
import { operationsPage } from './operations-page.ts';
import type { Page } from './page.ts';
import { webhooksPage } from './webhooks-page.ts';

/** Returns every page that consists of blocks. */
export async function allPages(document: OpenApiDocument): Promise<Page[]> {
  const common = commonErrors(document);
  const guides = guidePages();
  return [
    landingPage(document, guides),
    ...guides,
    conventionsPage(document),
    operationsPage(document),
    ...(await Promise.all(
      operationsOf(document).map((operation) => operationPage(document, operation, common)),
    )),
    webhooksPage(document),
    errorsPage(document),
    ...errorPages(document),
    failuresPage(),
    ...failurePages(document),
    changelogPage(document),
  ];
}
