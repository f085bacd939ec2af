/** The addresses of this server's parts, relative to the page: the console may be behind a proxy that adds a path. */
const consoleUrl = new URL('./', document.baseURI);
const serverUrl = new URL('../', consoleUrl);

export const addresses = {
  /** The path below which the pages are, such as `/console/`. */
  basePath: consoleUrl.pathname,
  /** The base URL of the API, without a trailing slash. */
  api: serverUrl.href.replace(/\/$/, ''),
  /** Where `start` exchanges the code of its link. */
  signInCode: new URL('sign-in-code', consoleUrl).href,
  docs: new URL('docs/', serverUrl).href,
  playground: new URL('docs/playground/', serverUrl).href,
  /** The playground with a preselected avatar. */
  playgroundOf: (avatarId: string) =>
    new URL(`docs/playground/?avatar=${encodeURIComponent(avatarId)}`, serverUrl).href,
  /** The section of the guide about images that cannot become an avatar. */
  avatarFailures: new URL('docs/guides/avatars/#when-it-fails', serverUrl).href,
  /** The portal's page about an error code. */
  errorPage: (code: string) => new URL(`docs/errors/${code}/`, serverUrl).href,
  /** The portal's page about the failure of a session. */
  failurePage: (code: string) => new URL(`docs/failures/${code}/`, serverUrl).href,
};
