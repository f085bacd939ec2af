import type { ErrorCode } from '@greenroom/contract';
import type { Application } from 'express';

const SETTING = 'error page';

type ErrorPage = (code: ErrorCode) => string | null;

/** Registers the function that finds the page about an error code. */
export function setErrorPages(app: Application, find: ErrorPage): void {
  app.set(SETTING, find);
}

/** Returns the path of the page about an error code; null if this server has none. */
export function errorPagePath(app: Application, code: ErrorCode): string | null {
  const find = app.get(SETTING) as ErrorPage | undefined;
  return find?.(code) ?? null;
}
