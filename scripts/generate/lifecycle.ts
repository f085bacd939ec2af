import type { OpenApiDocument, Schema } from '@greenroom/contract/document';

/** Returns the module with the lifecycle of a session: its live and terminal statuses, and all transitions. */
export function lifecycleModule(document: OpenApiDocument): string {
  return `export const lifecycle = ${JSON.stringify(lifecycleOf(document))} as const;`;
}

/** Returns the module with the text of each failure of a session. */
export function failuresModule(document: OpenApiDocument): string {
  const texts = document.components.schemas['FailureCode']?.['x-failures'];
  if (texts === undefined) throw new Error('FailureCode has no x-failures.');
  return `export const failureTexts = ${JSON.stringify(texts)} as const;`;
}

/** Returns the module with the text of each reason of a session's events, failures excluded. */
export function reasonsModule(document: OpenApiDocument): string {
  const reason = document.components.schemas['SessionEvent']?.properties?.['reason'] as Schema | undefined;
  const texts = reason?.['x-reasons'];
  if (texts === undefined) throw new Error('The reason of SessionEvent has no x-reasons.');
  return `export const reasonTexts = ${JSON.stringify(texts)} as const;`;
}

/** Returns the module with the text of each failure of an avatar. */
export function avatarFailuresModule(document: OpenApiDocument): string {
  const reason = document.components.schemas['Avatar']?.properties?.['failure_reason'] as Schema | undefined;
  const texts = reason?.['x-avatar-failures'];
  if (texts === undefined) throw new Error('The failure_reason of Avatar has no x-avatar-failures.');
  return [
    `export const avatarFailures = ${JSON.stringify(texts)} as const;`,
    'export type AvatarFailure = keyof typeof avatarFailures;',
  ].join('\n\n');
}

/** Returns the module with the terminal statuses of a session. */
export function terminalStatusesModule(document: OpenApiDocument): string {
  return `export const terminalStatuses = ${JSON.stringify(lifecycleOf(document).terminal)} as const;`;
}

function lifecycleOf(document: OpenApiDocument) {
  const lifecycle = document.components.schemas['SessionStatus']?.['x-lifecycle'];
  if (lifecycle === undefined) throw new Error('SessionStatus has no x-lifecycle.');
  return lifecycle;
}
