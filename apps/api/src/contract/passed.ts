import type { Request, RequestHandler, Response } from 'express';

/** Resolves when a handler passes the request on; rejects with the error that it passes on, throws or rejects with. */
export function passed(handler: RequestHandler, request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = (error?: Error | 'route' | 'router' | null): void => {
      if (typeof error === 'object' && error !== null) reject(error);
      else resolve();
    };
    Promise.resolve(handler(request, response, next)).catch(reject);
  });
}
