import type { ErrorCode } from '@greenroom/contract';
import type { Application } from 'express';

const SETTING = 'error page';

type ErrorPage = (code: ErrorCode) => string | null;

/** Tells the application where this server explains its error codes. */
export function setErrorPages(app: Application, find: ErrorPage): void {
  app.set(SETTING, find);
}

/** The path of the page about an error code; null where this server has none. */
export function errorPagePath(app: Application, code: ErrorCode): string | null {
  const find = app.get(SETTING) as ErrorPage | undefined;
  return find?.(code) ?? null;
}
