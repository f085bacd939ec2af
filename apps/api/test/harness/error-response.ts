import { expect } from '@jest/globals';

/** The status, code and parameter of an error response. */
export interface ErrorSummary {
  status: number;
  code: string;
  param: string | null;
}

/** Details of the server's software, which no response may reveal. */
const INTERNALS = /\\n\s+at |node_modules|\/src\/|[Pp]risma|[Pp]ostgres|SELECT |INSERT |\bajv\b/;
/** A usable key or token. */
const SECRETS = /sk_(?:test|live)_[\w-]{20}|wk_[\w-]{20}|eyJ[\w-]+\.[\w-]+\.[\w-]+/;

/** Reads an error response and checks the rules of all errors: a readable message, no internals, no secret. */
export async function errorOf(response: Response): Promise<ErrorSummary> {
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
