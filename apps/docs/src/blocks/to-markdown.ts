import type { Code } from '../markdown/code-block.ts';
import type { Block, Field } from './block.ts';

/** Renders blocks as Markdown that is readable as plain text. */
export function toMarkdown(blocks: readonly Block[]): string {
  return blocks
    .map(markdownOf)
    .map((text) => text.trim())
    .join('\n\n');
}

function markdownOf(block: Block): string {
  switch (block.kind) {
    case 'prose':
      return block.text;
    case 'heading':
      return `${'#'.repeat(block.level)} ${block.text}`;
    case 'facts':
      return block.facts.map(({ label, text }) => `- **${label}**: ${text}`).join('\n');
    case 'fields':
      return block.fields.map((field) => fieldLines(field, '').join('\n')).join('\n');
    case 'code':
      return fenced(block.code);
    case 'tabs':
      return block.tabs.map(fenced).join('\n\n');
    case 'endpoint':
      return fenced({ title: '', language: 'http', source: `${block.method.toUpperCase()} ${block.path}` });
    case 'cards':
      return block.cards.map(({ title, href, text }) => `- [${title}](${href}): ${text}`).join('\n');
    case 'actions':
      return listOf(block.actions);
    case 'steps':
      return block.steps.map(({ title, text }, index) => `${index + 1}. **${title}** ${text}`).join('\n');
    case 'groups':
      return block.groups.map(({ title, links }) => `### ${title}\n\n${listOf(links)}`).join('\n\n');
    case 'links':
      return block.links
        .map(
          ({ title, href, text, tag }) =>
            `- ${tag === undefined ? '' : `${tag} `}[${title}](${href}): ${text}`,
        )
        .join('\n');
    case 'details':
      return `${block.summary}:\n\n${toMarkdown(block.blocks)}`;
    case 'gallery':
      return block.pictures.map(({ caption }) => `- \`${caption}\``).join('\n');
    case 'figure':
      return `_${block.caption}_`;
  }
}

function listOf(links: readonly { title: string; href: string }[]): string {
  return links.map(({ title, href }) => `- [${title}](${href})`).join('\n');
}

function fieldLines(field: Field, indent: string): string[] {
  const facts = [
    field.type,
    ...(field.required ? ['required'] : []),
    ...(field.deprecated ? ['deprecated'] : []),
  ];
  const about = [...facts, ...field.notes].join(', ');
  const text = field.text.trim().replaceAll(/\s*\n\s*/g, ' ');
  return [
    `${indent}- \`${field.name}\` (${about})${text === '' ? '' : `: ${text}`}`,
    ...field.children.flatMap((child) => fieldLines(child, `${indent}  `)),
  ];
}

function fenced({ title, language, source }: Code): string {
  const fence = source.includes('```') ? '````' : '```';
  return `${title === '' ? '' : `${title}:\n\n`}${fence}${language}\n${source.trimEnd()}\n${fence}`;
}
