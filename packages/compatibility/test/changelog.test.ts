import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type OpenApiDocument, publicDocument } from '@greenroom/contract/document';
import { expect, test } from '@jest/globals';

import { changelogText } from '../src/changelog-text.ts';
import { changelog, unannouncedBreaks } from '../src/changelog.ts';
import { deprecationsOf } from '../src/deprecations.ts';
import { compareVersions, readReleases, type Release } from '../src/releases.ts';

/** Returns the public document with another version, and optionally a change. */
function documentOf(version: string, change: (document: OpenApiDocument) => void = () => undefined) {
  const document = publicDocument();
  document.info.version = version;
  change(document);
  return document;
}

const release = (date: string, document: OpenApiDocument): Release => ({ date, document });
const withoutStatus = (document: OpenApiDocument) => {
  delete document.paths['/v1/status'];
};
const withOldPlans = (document: OpenApiDocument) => {
  const plans = document.paths['/v1/billing/plans']?.get;
  if (plans) plans.deprecated = true;
};

const releases = [
  release('2026-03-02', documentOf('1.1.0')),
  release('2026-03-01', documentOf('1.0.0', withoutStatus)),
];

test('each release lists its changes since the one before, and the first has none', () => {
  expect(changelog(releases, documentOf('1.1.0'))).toEqual([
    {
      release: { version: '1.1.0', date: '2026-03-02' },
      changes: [{ kind: 'addition', subject: 'status.get', what: 'was added: `GET /v1/status`' }],
    },
    { release: { version: '1.0.0', date: '2026-03-01' }, changes: null },
  ]);
});

test('changes since the last release come first, as unreleased', () => {
  expect(changelog(releases, documentOf('1.1.0', withOldPlans))[0]).toEqual({
    release: null,
    changes: [{ kind: 'deprecation', subject: 'plans.list', what: 'is deprecated' }],
  });
});

test('a breaking change is an error unless the major version is higher', () => {
  const subjects = (version: string) =>
    unannouncedBreaks(releases, documentOf(version, withoutStatus)).map(({ subject }) => subject);
  expect(subjects('1.1.0')).toEqual(['status.get']);
  expect(subjects('1.2.0')).toEqual(['status.get']);
  expect(subjects('2.0.0')).toEqual([]);
  expect(unannouncedBreaks(releases, documentOf('1.1.0', withOldPlans))).toEqual([]);
  expect(unannouncedBreaks([], documentOf('1.0.0', withoutStatus))).toEqual([]);
});

test('the current document has no breaking change since its releases', () => {
  expect(unannouncedBreaks(readReleases(), publicDocument())).toEqual([]);
});

test('an additional field of a session is a breaking change, because some clients reject it', () => {
  const more = documentOf('1.1.0', ({ components }) => {
    components.schemas['Session'] = {
      ...components.schemas['Session'],
      properties: { ...components.schemas['Session']?.properties, mood: { type: 'string' } },
    };
  });
  expect(unannouncedBreaks(releases, more)).toEqual([
    { kind: 'breaking', subject: 'Session.mood', what: 'was added' },
  ]);
});

test('the Markdown lists deprecations, then a section for each release with the most severe changes first', () => {
  const present = documentOf('1.1.0', (document) => {
    withOldPlans(document);
    withoutStatus(document);
  });
  expect(changelogText(changelog(releases, present), deprecationsOf(present))).toBe(`# Changelog

## Deprecations

These still work and will be removed:

- \`plans.list\`

## Unreleased

### Breaking

- \`status.get\` was removed: \`GET /v1/status\`.

### Deprecated

- \`plans.list\` is deprecated.

## 1.1.0 – 2026-03-02

### Added

- \`status.get\` was added: \`GET /v1/status\`.

## 1.0.0 – 2026-03-01

The first release.
`);
});

test('deprecated operations, parameters and fields are listed', () => {
  const present = documentOf('1.1.0', (document) => {
    withOldPlans(document);
    const { Session } = document.components.schemas;
    if (Session?.properties) Session.properties['usage'] = { deprecated: true };
    const limits = document.paths['/v1/limits']?.get;
    if (limits) limits.parameters = [{ name: 'old', in: 'query', deprecated: true, schema: {} }];
  });
  expect(deprecationsOf(present).sort()).toEqual(['Session.usage', 'limits.get old', 'plans.list']);
  expect(changelogText([], [])).toContain('Nothing is deprecated.');
});

test('releases are read newest first, by version number', () => {
  const folder = mkdtempSync(join(tmpdir(), 'greenroom-releases-'));
  try {
    for (const version of ['1.9.0', '1.10.0', '1.2.10', '2.0.0']) {
      const kept = JSON.stringify(release('2026-03-01', documentOf(version)));
      writeFileSync(join(folder, `${version}.json`), kept);
    }
    const versions = readReleases(folder).map(({ document }) => document.info.version);
    expect(versions).toEqual(['2.0.0', '1.10.0', '1.9.0', '1.2.10']);
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(() => compareVersions('1.0', '1.0.0')).toThrow('1.0 is not a version');
});
