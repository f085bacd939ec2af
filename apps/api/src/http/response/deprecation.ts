import type { RequestHandler } from 'express';

/** The dates of a deprecated operation, `YYYY-MM-DD`. */
export interface Deprecation {
  /** The start of the deprecation. */
  deprecatedOn: string;
  /** The earliest removal. */
  sunsetOn: string;
}

/** Announces the deprecation of an operation (RFC 9745) and its removal (RFC 8594) in each response. */
export function announceDeprecation({ deprecatedOn, sunsetOn }: Deprecation): RequestHandler {
  const headers = new Map([
    ['Deprecation', `@${Date.parse(deprecatedOn) / 1000}`],
    ['Sunset', new Date(sunsetOn).toUTCString()],
  ]);
  return (_request, response, next) => {
    response.setHeaders(headers);
    next();
  };
}
