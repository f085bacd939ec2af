import { posix } from 'node:path';

/** An address inside the site as seen from a page of it, so that the site works below any path. */
export function relative(from: string, to: string): string {
  const [, path = '', rest = ''] = /^([^#?]*)(.*)$/.exec(to) ?? [];
  const way = posix.relative(from, path);
  return (way === '' ? '.' : way) + (path.endsWith('/') ? '/' : '') + rest;
}

/** A page's HTML with its addresses inside the site made relative. */
export function withRelativeLinks(html: string, from: string): string {
  return html.replaceAll(
    /\b(href|src|data-\w+)="(\/[^"]*)"/g,
    (_, name: string, to: string) => `${name}="${relative(from, to)}"`,
  );
}

/** A page's Markdown likewise, its links leading from Markdown to Markdown. */
export function withRelativeMarkdownLinks(markdown: string, from: string): string {
  return markdown.replaceAll(/\]\((\/[^)]*)\)/g, (_, to: string) => {
    const target = relative(from, to);
    return `](${target.replace(/\/(?=#|$)/, '/index.md')})`;
  });
}
