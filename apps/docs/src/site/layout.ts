import { html, raw, type Html } from '../html.ts';
import type { NavigationGroup } from './navigation.ts';

export interface LayoutOptions {
  /** The page's address inside the site. */
  path: string;
  title: string;
  /** Plain text. */
  description: string;
  navigation: readonly NavigationGroup[];
  /** Addresses of the files that every page loads. */
  assets: { style: string; script: string; search: string };
  main: Html;
  /** Whether the page is also available as Markdown. */
  hasMarkdown?: boolean;
  /** Leaves out the content's landmark and shows the navigation only behind its button, for a `main` that has both. */
  bare?: boolean;
  /** Further elements for the head. */
  head?: Html;
  /** Data for scripts, with the names of `dataset`. */
  data?: Record<string, string>;
  /** Sources that the page may use in addition to the site's own, by directive of the content security policy. */
  sources?: Partial<Record<'style' | 'img' | 'connect', string>>;
}

/** Returns a whole page: the content with everything around it. */
export function layout(options: LayoutOptions): string {
  const { title, description, assets, main, bare = false, head = null, path } = options;
  const name = path === '/' ? 'Greenroom' : `${title} · Greenroom`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(options.sources)}" />
        <title>${name}</title>
        <meta name="description" content="${description}" />
        <meta name="color-scheme" content="light dark" />
        <meta property="og:title" content="${name}" />
        <meta property="og:description" content="${description}" />
        <meta property="og:type" content="website" />
        <meta property="og:site_name" content="Greenroom" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="${assets.style}" />
        ${options.hasMarkdown === true && html`<link rel="alternate" type="text/markdown" href="${path}index.md" />`}
        <script src="${assets.script}"></script>
        ${head}
      </head>
      <body
        data-base="/"
        data-search="${assets.search}"
        ${Object.entries(options.data ?? {}).map(([name, value]) => html` data-${name}="${value}"`)}${bare ? raw(' class="bare"') : null}
      >
        <a class="skip" href="#main">Skip to content</a>
        ${header()} ${sidebar(options)}
        ${bare ? html`<div id="main" tabindex="-1">${main}</div>` : html`<main id="main" tabindex="-1">${main}</main>`}
      </body>
    </html> `.text;
}

function contentSecurityPolicy({
  style = '',
  img = '',
  connect = '',
}: LayoutOptions['sources'] = {}): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' ${style}`,
    `img-src 'self' data: ${img}`,
    "font-src 'self'",
    `connect-src 'self' ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]
    .map((directive) => directive.trim())
    .join('; ');
}

function header(): Html {
  return html`<header class="top">
    <button
      class="icon menu"
      type="button"
      aria-label="Menu"
      aria-expanded="false"
      aria-controls="navigation"
    >
      ${icon('M4 7h16M4 12h16M4 17h16')}
    </button>
    <a class="brand" href="/"
      ><span class="mark" aria-hidden="true">${icon('M7 20v-9a5 5 0 0 1 10 0v9M12 16.5v.5')}</span
      >Greenroom</a
    >
    <nav class="areas" aria-label="Areas">
      <a href="/guides/quickstart/">Guides</a><a href="/operations/">Operations</a
      ><a href="/playground/">Playground</a><a href="/reference/">Try it</a><a href="/errors/">Errors</a>
    </nav>
    <button class="search" type="button" aria-label="Search" aria-haspopup="dialog">
      ${icon('M11 18a7 7 0 1 1 0-14 7 7 0 0 1 0 14zm5-2 4 4')}<span>Search</span><kbd>/</kbd>
    </button>
    <button class="icon theme" type="button" aria-label="Dark theme" aria-pressed="false">
      <span class="moon">${icon('M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5z')}</span>
      <span class="sun"
        >${icon('M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5')}</span
      >
    </button>
  </header>`;
}

function sidebar({ navigation, path }: LayoutOptions): Html {
  return html`<nav class="side" id="navigation" aria-label="Pages">
    ${navigation.map(
      ({ title, items }) =>
        html`<p>${title}</p>
          <ul>
            ${items.map(
              (item) =>
                html`<li>
                  <a href="${item.path}" ${item.path === path ? raw(' aria-current="page"') : null}
                    >${item.method !== undefined && html`<span class="method method-${item.method}">${item.method === 'delete' ? 'del' : item.method}</span>`}<span
                      >${item.title}</span
                    ></a
                  >
                </li> `,
            )}
          </ul> `,
    )}
  </nav>`;
}

function icon(path: string): Html {
  return html`<svg
    viewBox="0 0 24 24"
    aria-hidden="true"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
  >
    <path d="${path}" />
  </svg>`;
}
