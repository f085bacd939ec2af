import { html, type Html } from '../html.ts';
import { highlighted } from './highlight.ts';

interface Code {
  readonly title: string;
  readonly language: string;
  readonly source: string;
}

/** Returns highlighted code, with its title above it. */
export function codeBlock({ title, language, source }: Code): Html {
  return html`<figure class="code">
    ${title !== '' && html`<figcaption>${title}</figcaption>`}
    <pre
      tabindex="0"
      aria-label="${title === '' ? 'Code' : title}"
    ><code>${highlighted(source.trimEnd(), language)}</code></pre>
  </figure>`;
}
