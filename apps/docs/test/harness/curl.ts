/** Whether what needs curl is skipped; `pnpm test` says so at its end, with the reason. */
export const withoutCurl = (process.env['GREENROOM_WITHOUT_CURL'] ?? '') !== '';
