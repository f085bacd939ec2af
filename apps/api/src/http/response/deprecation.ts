import type { RequestHandler } from 'express';

/** The dates of an operation that is deprecated, `YYYY-MM-DD`. */
export interface Deprecation {
  /** Since when. */
  deprecatedOn: string;
  /** When it can be removed at the earliest. */
  sunsetOn: string;
}

/** Announces on each response of a deprecated operation since when it is (RFC 9745) and until when it works (RFC 8594). */
export function announceDeprecation(deprecation: Deprecation | null): RequestHandler {
  if (deprecation === null) {
    return (_request, _response, next) => {
      next();
    };
  }
  const { deprecatedOn, sunsetOn } = deprecation;
  const headers = new Map([
    ['Deprecation', `@${Date.parse(deprecatedOn) / 1000}`],
    ['Sunset', new Date(sunsetOn).toUTCString()],
  ]);
  return (_request, response, next) => {
    response.setHeaders(headers);
    next();
  };
}
