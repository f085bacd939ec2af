import { CHANGE_KINDS, type Change, type ChangeKind } from './change.ts';
import type { ChangelogEntry } from './changelog.ts';

const HEADINGS: Record<ChangeKind, string> = {
  breaking: 'Breaking',
  deprecation: 'Deprecated',
  addition: 'Added',
  change: 'Changed',
};

/** Returns the changelog as Markdown, after a list of the current deprecations. */
export function changelogText(entries: readonly ChangelogEntry[], deprecations: readonly string[]): string {
  const deprecated =
    deprecations.length === 0
      ? 'Nothing is deprecated.'
      : `These still work and will be removed:\n\n${deprecations.map((name) => `- \`${name}\``).join('\n')}`;
  return `${['# Changelog', '## Deprecations', deprecated, ...entries.map(section)].join('\n\n')}\n`;
}

function section({ release, changes }: ChangelogEntry): string {
  const title = release === null ? 'Unreleased' : `${release.version} – ${release.date}`;
  return [`## ${title}`, ...(changes === null ? ['The first release.'] : groups(changes))].join('\n\n');
}

function groups(changes: readonly Change[]): string[] {
  if (changes.length === 0) return ['Only the wording changed.'];
  return CHANGE_KINDS.flatMap((kind) => {
    const lines = changes
      .filter((change) => change.kind === kind)
      .map(({ subject, what }) => `- \`${subject}\` ${what}.`);
    return lines.length > 0 ? [`### ${HEADINGS[kind]}\n\n${lines.join('\n')}`] : [];
  });
}
