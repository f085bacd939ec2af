import { posix } from 'node:path';

/** Returns an address of the site relative to a page, so that the site works below any path. */
export function relative(from: string, to: string): string {
  const [, path = '', rest = ''] = /^([^#?]*)(.*)$/.exec(to) ?? [];
  const way = posix.relative(from, path);
  return (way === '' ? '.' : way) + (path.endsWith('/') ? '/' : '') + rest;
}

/** Returns a page's HTML with relative links. */
export function withRelativeLinks(html: string, from: string): string {
  return html.replaceAll(
    /\b(href|src|data-\w+)="(\/[^"]*)"/g,
    (_, name: string, to: string) => `${name}="${relative(from, to)}"`,
  );
}

/** Returns a page's Markdown with relative links to the Markdown of other pages. */
export function withRelativeMarkdownLinks(markdown: string, from: string): string {
  return markdown.replaceAll(/\]\((\/[^)]*)\)/g, (_, to: string) => {
    const target = relative(from, to);
    return `](${target.replace(/\/(?=#|$)/, '/index.md')})`;
  });
}
