import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import typescript from 'highlight.js/lib/languages/typescript';
import yaml from 'highlight.js/lib/languages/yaml';

import { escaped, raw, type Html } from '../html.ts';

for (const [name, language] of Object.entries({ bash, javascript, json, typescript, yaml })) {
  hljs.registerLanguage(name, language);
}

/** Code with its parts marked by classes; as it is where the language is none we know. */
export function highlighted(source: string, language: string): Html {
  const known = hljs.getLanguage(language) !== undefined;
  return raw(known ? hljs.highlight(source, { language }).value : escaped(source));
}
