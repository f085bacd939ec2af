import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import typescript from 'highlight.js/lib/languages/typescript';
import yaml from 'highlight.js/lib/languages/yaml';

import { escaped, html, raw, type Html } from '../html.ts';

for (const [name, language] of Object.entries({ bash, javascript, json, typescript, yaml })) {
  hljs.registerLanguage(name, language);
}

export interface Code {
  title: string;
  language: string;
  source: string;
}

/** Returns code as a figure, with its title if it has one. */
export function codeBlock({ title, language, source }: Code): Html {
  return html`<figure class="code">
    ${title !== '' && html`<figcaption>${title}</figcaption>`}
    <pre
      tabindex="0"
      aria-label="${title === '' ? 'Code' : title}"
    ><code>${highlighted(source.trimEnd(), language)}</code></pre>
  </figure>`;
}

/** Returns code with its parts marked by classes, or unchanged where the language is unknown. */
function highlighted(source: string, language: string): Html {
  const known = hljs.getLanguage(language) !== undefined;
  return raw(known ? hljs.highlight(source, { language }).value : escaped(source));
}
