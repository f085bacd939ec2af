import { toMarkdown } from '../blocks/to-markdown.ts';
import type { Page } from '../pages/page.ts';
import { withRelativeMarkdownLinks } from './relative.ts';

/** Returns a page as Markdown. */
export function pageMarkdown({ path, title, description, blocks, aside = [] }: Page): string {
  const body = toMarkdown([...blocks, ...aside]).replaceAll(/^(```\w+) (?:runnable|served|checked)/gm, '$1');
  const lead =
    body.startsWith(description) || body.includes(`\n\n${description}`) ? '' : `${description}\n\n`;
  return withRelativeMarkdownLinks(`# ${title}\n\n${lead}${body}\n`, path);
}
