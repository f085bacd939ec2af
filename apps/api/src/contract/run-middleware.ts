import type { NextFunction, Request, RequestHandler, Response } from 'express';

/**
 * Runs one handler. Resolves when it calls `next`, and rejects with the error that it passes to `next`, throws or
 * rejects with. A later call of `next`, such as for a response that the validator rejects, goes to the given one.
 */
export function runMiddleware(
  handler: RequestHandler,
  request: Request,
  response: Response,
  next: NextFunction,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let isSettled = false;
    const settle = (error?: Error | 'route' | 'router' | null): void => {
      if (isSettled) next(error);
      else if (typeof error === 'object' && error !== null) reject(error);
      else resolve();
      isSettled = true;
    };
    Promise.resolve(handler(request, response, settle)).catch(reject);
  });
}
