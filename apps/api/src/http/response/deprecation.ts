import type { RequestHandler } from 'express';

/** The dates of a deprecated operation, `YYYY-MM-DD`. */
export interface Deprecation {
  /** The start of the deprecation. */
  deprecatedOn: string;
  /** The earliest removal. */
  sunsetOn: string;
}

/**
 * Returns the step that announces the deprecation of an operation (RFC 9745) and its removal (RFC 8594) in each response; none
 * for an operation that is not deprecated.
 */
export function deprecationSteps(deprecation: Deprecation | null): RequestHandler[] {
  if (deprecation === null) return [];
  const { deprecatedOn, sunsetOn } = deprecation;
  const headers = new Map([
    ['Deprecation', `@${Date.parse(deprecatedOn) / 1000}`],
    ['Sunset', new Date(sunsetOn).toUTCString()],
  ]);
  return [
    (_request, response, next) => {
      response.setHeaders(headers);
      next();
    },
  ];
}
