/** The address in the document's examples, of a server with default settings. */
const EXAMPLE_ADDRESS = /http:\/\/(?:localhost|127\.0\.0\.1):4000(?!\d)/g;

/** Replaces the example address in code with the address of this page's server, so that code runs as pasted. */
export function fillInServerAddress(): void {
  for (const code of document.querySelectorAll('figure.code code')) {
    const texts = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { currentNode: text } = texts;
      text.nodeValue = withServerAddress(text.nodeValue ?? '');
    }
  }
}

/** Returns a text with the server's address instead of the example address. */
export function withServerAddress(text: string): string {
  const address = serverAddress();
  return address === null ? text : text.replaceAll(EXAMPLE_ADDRESS, address);
}

/** Returns the address of the API server of this page; null if the page is only a file. */
export function serverAddress(): string | null {
  const site = new URL(document.body.dataset['base'] ?? '', location.href);
  return site.pathname.endsWith('/docs/') ? new URL('..', site).href.replace(/\/$/, '') : null;
}
