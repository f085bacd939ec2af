/** The version in package.json; a test compares the two. */
const VERSION = '0.1.0';

interface Runtime {
  readonly document?: unknown;
  readonly process?: { readonly versions?: { readonly node?: string } };
}

/**
 * Returns the `User-Agent` header to send in Node. Undefined in browsers: they send their own, and another one would
 * need the server's permission.
 */
export function userAgent({ document, process }: Runtime = globalThis): string | undefined {
  const node = process?.versions?.node;
  // A page in Electron has both `process` and `document`.
  if (node === undefined || document !== undefined) return undefined;
  return `greenroom-client/${VERSION} node/${node}`;
}
