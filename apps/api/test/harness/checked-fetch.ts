import { checkAnswer } from './answer-check.ts';

/** The global `fetch`, with every answer held against the document. */
export async function checkedFetch(request: Request): Promise<Response> {
  const response = await fetch(request);
  await checkAnswer(request.method, new URL(request.url), response);
  return response;
}
