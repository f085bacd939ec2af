import { expect } from '@jest/globals';

/** What a caller can tell from a refusal. */
export interface Refusal {
  status: number;
  code: string;
  param: string | null;
}

/** What tells how the server is made, and has no place in an answer. */
const INTERNALS = /\\n\s+at |node_modules|\/src\/|[Pp]risma|[Pp]ostgres|SELECT |INSERT |\bajv\b/;
/** A key or a token with which somebody could call. */
const SECRETS = /sk_(?:test|live)_[\w-]{20}|wk_[\w-]{20}|eyJ[\w-]+\.[\w-]+\.[\w-]+/;

/** Reads a refusal, and holds it against what every one has in common: a readable message, no internals, no secret. */
export async function refusal(response: Response): Promise<Refusal> {
  const text = await response.text();
  expect(text).not.toMatch(INTERNALS);
  expect(text).not.toMatch(SECRETS);
  const { error } = JSON.parse(text) as {
    error: { code: string; param: string | null; message: string; request_id: string };
  };
  expect(error.message).toMatch(/^\S.{10,}\.$/s);
  expect(error.request_id).toBe(response.headers.get('x-request-id'));
  return { status: response.status, code: error.code, param: error.param };
}
