import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, dirname } from 'node:path';

import { type OpenApiDocument, operationsOf } from '@greenroom/contract/document';

import { html } from '../html.ts';
import { samplesOf } from '../machine/samples/samples.ts';
import { bundled, named, type SiteFile } from './assets.ts';
import { layout } from './layout.ts';
import type { Frame } from './page-html.ts';
import { withRelativeLinks } from './relative.ts';

const PATH = '/reference/';

/** Returns the interactive reference, with its renderer. */
export async function referencePage(document: OpenApiDocument, frame: Frame): Promise<SiteFile[]> {
  const renderer = named('scalar', 'js', rendererBundle());
  const [script, style] = await Promise.all([
    bundled('browser/reference.ts'),
    bundled('theme/reference.css'),
  ]);
  const api = named('document', 'json', Buffer.from(JSON.stringify(await withSamples(document))));
  const page = layout({
    ...frame,
    // A separate style sheet: class names of the other pages' clash with the renderer's.
    assets: { ...frame.assets, style: `/${style.path}` },
    path: PATH,
    title: 'Reference',
    description: 'Try every operation of the API from the browser.',
    bare: true,
    // The renderer writes its styles into the page.
    sources: { style: "'unsafe-inline'" },
    head: html` <script defer src="/${renderer.path}"></script>
      <script defer src="/${script.path}"></script>`,
    data: { document: `/${api.path}` },
    main: html`<h1 class="hidden">Reference</h1>
      <div id="reference"><p class="loading">Loading the reference …</p></div>
      <noscript
        ><p>
          The interactive reference needs JavaScript. <a href="/operations/">The operation pages</a> do not.
        </p></noscript
      >`,
  });
  return [
    renderer,
    script,
    style,
    api,
    { path: `${PATH.slice(1)}index.html`, content: withRelativeLinks(page, PATH) },
  ];
}

function rendererBundle(): Buffer {
  const entry = createRequire(import.meta.url).resolve('@scalar/api-reference');
  return readFileSync(join(dirname(entry), 'browser/standalone.js'));
}

/** Returns the document with samples as `x-codeSamples`, and without the parts that other pages of the portal have. */
export async function withSamples(document: OpenApiDocument): Promise<OpenApiDocument> {
  const copy = structuredClone(document);
  delete copy.externalDocs;
  const [introduction = ''] = (copy.info.description ?? '').split(/\n(?=## )/);
  copy.info.description = `${introduction}\n[Conventions](../conventions/) apply to every operation.`;
  for (const operation of operationsOf(copy)) {
    const samples = await samplesOf(document, operation);
    Object.assign(operation.object, {
      'x-codeSamples': samples.map(({ label, language, source }) => ({
        lang: { sh: 'shell', js: 'javascript', py: 'python' }[language],
        label,
        source,
      })),
    });
  }
  return copy;
}
