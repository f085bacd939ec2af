import { checkResponse } from './response-check.ts';

/** `fetch` that checks every response against the document. */
export async function checkedFetch(request: Request): Promise<Response> {
  const response = await fetch(request);
  await checkResponse(request.method, new URL(request.url), response);
  return response;
}
