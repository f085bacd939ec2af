import { operationTable } from '@greenroom/contract';
import type { Request } from 'express';
import leven from 'leven';

import { absoluteUrl } from '../common/absolute-url.ts';
import { ApiError } from '../errors/api-error.ts';
import { maskSecretsInPath } from '../errors/mask-secrets.ts';
import { printable, truncate } from '../errors/message-text.ts';

/** The number of characters that a misspelling may differ in. */
const MAX_DISTANCE = 3;

const PUBLIC = Object.values(operationTable).filter(({ internal }) => !internal);

/** Returns the error of an unknown path. It suggests a similar path, if there is one. */
export function unknownRouteError(request: Request): ApiError {
  const { method, path } = request;
  const values = {
    method,
    path: printable(truncate(maskSecretsInPath(path))),
    document: absoluteUrl(request, '/openapi.json'),
  };
  const near = nearestRoute(method, path);
  return near === undefined
    ? new ApiError('route.not_found', { situation: 'unknown', values })
    : new ApiError('route.not_found', { situation: 'near', values: { ...values, near: `\`${near}\`` } });
}

function nearestRoute(method: string, path: string): string | undefined {
  const given = path.split('/');
  const near = PUBLIC.map((route) => ({ ...route, distance: distanceTo(route.path.split('/'), given) }))
    .filter(({ distance }) => distance <= MAX_DISTANCE)
    .sort((a, b) => rank(a) - rank(b))[0];
  return near && `${near.method.toUpperCase()} ${near.path}`;

  function rank(route: { distance: number; method: string }): number {
    return 2 * route.distance + (route.method === method.toLowerCase() ? 0 : 1);
  }
}

/** Counts the characters by which a path differs from a template. Values of parameters do not count. */
function distanceTo(template: readonly string[], given: readonly string[]): number {
  // Each differs by a slash at least. A path may have thousands of segments.
  if (Math.abs(template.length - given.length) > MAX_DISTANCE) return Infinity;
  const isFilled = (at: number) => template[at]?.startsWith('{') === true && given[at] !== '';
  // Replaces values, which may be long: the comparison takes quadratic time.
  const shape = (segments: readonly string[]) =>
    segments.map((segment, at) => (isFilled(at) ? '*' : segment.toLowerCase())).join('/');
  const [known, sent] = [shape(template), shape(given)];
  if (Math.abs(known.length - sent.length) > MAX_DISTANCE) return Infinity;
  return leven(known, sent, { maxDistance: MAX_DISTANCE + 1 });
}
