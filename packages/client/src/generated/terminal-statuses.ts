// Generated from openapi/ by `pnpm generate`. Do not edit.

export const terminalStatuses = ['ended', 'failed', 'canceled'] as const;
