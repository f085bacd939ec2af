import { operationsOf, publicDocument } from '@greenroom/contract/document';
import { expect, test } from '@jest/globals';

import { llmsText, type ListedPages } from '../../src/machine/llms-text.ts';

const document = publicDocument();
const pages: ListedPages = {
  sections: [
    {
      title: 'Guides',
      pages: [{ title: 'Quickstart', url: '/docs/quickstart.md', description: 'A first\ncall.' }],
    },
    { title: 'Nothing', pages: [] },
  ],
  operationUrl: ({ object }) => `/docs/reference/${object.operationId}.md`,
  optional: [{ title: 'The [whole] document', url: '/openapi.yaml', description: '' }],
};
const text = llmsText(document, pages);

/** Parses the format of llmstxt.org: a title, a summary, prose without headings, and sections of links. */
function parsed(source: string) {
  const [preface = '', ...sections] = source.split(/^## /m);
  const [, title, summary, prose] = /^# (.+)\n\n> (.+)\n\n([^#]+)\n$/.exec(preface) ?? [];
  return {
    title,
    summary,
    prose: prose?.trim(),
    sections: sections.map((section) => {
      const [heading = '', blank, ...lines] = section.trimEnd().split('\n');
      const links = lines.map((line) =>
        /^- \[((?:\\.|[^\]\\])+)\]\((\S+)\)(?:: (.+))?$/.exec(line)?.slice(1),
      );
      return { heading, blank, links };
    }),
  };
}

test('it has a title, a summary, an introduction, and sections that contain only links', () => {
  const { title, summary, prose, sections } = parsed(text);
  expect(title).toBe(document.info.title);
  expect(summary).toBe(document.info.summary);
  expect(prose).toContain('LiveKit');
  for (const { blank, links } of sections) {
    expect(blank).toBe('');
    expect(links.length).toBeGreaterThan(0);
    expect(links).not.toContain(undefined);
  }
});

test('the given pages come first and the optional ones last', () => {
  const { sections } = parsed(text);
  expect(sections[0]).toMatchObject({
    heading: 'Guides',
    links: [['Quickstart', '/docs/quickstart.md', 'A first call.']],
  });
  expect(sections.at(-1)).toMatchObject({
    heading: 'Optional',
    links: [[String.raw`The \[whole\] document`, '/openapi.yaml', undefined]],
  });
  expect(text).not.toContain('## Nothing');
});

test('every operation is linked under its tag, with method and path', () => {
  const { sections } = parsed(text);
  for (const operation of operationsOf(document)) {
    const { object, method, path } = operation;
    const section = sections.find(({ heading }) => heading === `API reference: ${String(object.tags?.[0])}`);
    const link = section?.links.find((one) => one?.[1] === pages.operationUrl(operation));
    expect(link?.[0]).toBe(object.summary);
    expect(link?.[2]).toContain(`\`${method.toUpperCase()} ${path}\``);
  }
});
