import type { NextFunction, Request, RequestHandler, Response } from 'express';

/**
 * Resolves when a handler passes the request on; rejects with the error that it passes on, throws or rejects with. A
 * handler may pass an error on later too, such as that of a response which the validator rejects: that goes to `next`.
 */
export function passed(
  handler: RequestHandler,
  request: Request,
  response: Response,
  next: NextFunction,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let hasPassed = false;
    const pass = (error?: Error | 'route' | 'router' | null): void => {
      if (hasPassed) next(error);
      else if (typeof error === 'object' && error !== null) reject(error);
      else resolve();
      hasPassed = true;
    };
    Promise.resolve(handler(request, response, pass)).catch(reject);
  });
}
