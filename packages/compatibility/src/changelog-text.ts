import { CHANGE_KINDS, type Change, type ChangeKind } from './change.ts';
import type { ChangelogEntry } from './changelog.ts';

const HEADINGS: Record<ChangeKind, string> = {
  breaking: 'Breaking',
  deprecation: 'Deprecated',
  addition: 'Added',
  change: 'Changed',
};

/** The changelog as Markdown, with what is deprecated at present before it. */
export function changelogText(entries: readonly ChangelogEntry[], deprecations: readonly string[]): string {
  const deprecated =
    deprecations.length === 0
      ? 'Nothing is deprecated.'
      : `These work still and will be taken away:\n\n${deprecations.map((name) => `- \`${name}\``).join('\n')}`;
  return `${['# Changelog', '## Deprecations', deprecated, ...entries.map(section)].join('\n\n')}\n`;
}

function section({ release, changes }: ChangelogEntry): string {
  const title = release === null ? 'Unreleased' : `${release.version} – ${release.date}`;
  return [`## ${title}`, ...(changes === null ? ['The first release.'] : groups(changes))].join('\n\n');
}

function groups(changes: readonly Change[]): string[] {
  if (changes.length === 0) return ['Better words only.'];
  return CHANGE_KINDS.flatMap((kind) => {
    const lines = changes
      .filter((change) => change.kind === kind)
      .map(({ subject, what }) => `- \`${subject}\` ${what}.`);
    return lines.length > 0 ? [`### ${HEADINGS[kind]}\n\n${lines.join('\n')}`] : [];
  });
}
