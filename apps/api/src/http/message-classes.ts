import { IncomingMessage, ServerResponse } from 'node:http';

import type { Express } from 'express';

/** Node's options that say from which classes to make a request and its response. */
export interface MessageClasses {
  IncomingMessage: typeof IncomingMessage;
  ServerResponse: typeof ServerResponse;
}

/**
 * Classes that make requests and responses as Express wants them.
 *
 * Express sets the prototype of each that reaches it. To V8 an object so changed has a shape that no other has, and
 * all code that meets it looks up its properties the slow way: a fifth of the time of a request. Made with the
 * prototype that Express would set, they stay as they are.
 */
export function messageClasses(app: Express): MessageClasses {
  class AppRequest extends IncomingMessage {}
  class AppResponse<Request extends IncomingMessage> extends ServerResponse<Request> {}
  Object.setPrototypeOf(AppRequest.prototype, app.request);
  Object.setPrototypeOf(AppResponse.prototype, app.response);
  app.request = AppRequest.prototype as Express['request'];
  app.response = AppResponse.prototype as unknown as Express['response'];
  return { IncomingMessage: AppRequest, ServerResponse: AppResponse };
}
