import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import go from 'highlight.js/lib/languages/go';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';

import { escaped, html, raw, type Html } from '../html.ts';

for (const [name, language] of Object.entries({
  bash,
  go,
  html: xml,
  javascript,
  json,
  python,
  typescript,
  yaml,
})) {
  hljs.registerLanguage(name, language);
}

export interface Code {
  title: string;
  language: string;
  source: string;
}

/** The names of languages. Any other language is named by its tag. */
const LANGUAGE_NAMES: Record<string, string> = {
  bash: 'Shell',
  sh: 'Shell',
  js: 'JavaScript',
  javascript: 'JavaScript',
  typescript: 'TypeScript',
  python: 'Python',
  html: 'HTML',
  go: 'Go',
  json: 'JSON',
  yaml: 'YAML',
  http: 'HTTP',
  sql: 'SQL',
  text: 'Output',
};

/** Returns code as a figure, with a bar that has its title, or else its language. */
export function codeBlock({ title, language, source }: Code): Html {
  const languageName = LANGUAGE_NAMES[language] ?? language;
  return html`<figure class="code">
    <figcaption data-language="${languageName}">
      <span>${title === '' ? languageName : title}</span>
    </figcaption>
    <pre
      tabindex="0"
      aria-label="${title === '' ? 'Code' : title}"
    ><code>${highlighted(source.trimEnd(), language)}</code></pre>
  </figure>`;
}

/** Returns highlighted code, or plain code when the language is unknown. */
function highlighted(source: string, language: string): Html {
  const known = hljs.getLanguage(language) !== undefined;
  return raw(known ? hljs.highlight(source, { language }).value : escaped(source));
}
