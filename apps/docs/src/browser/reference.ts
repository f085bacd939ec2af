import { patchReference } from './patch-reference.ts';
import { serverAddress, withServerAddress } from './server-address.ts';
import { keepKeyInTab, keyOfTab } from './tab-key.ts';
import { currentTheme, THEME_EVENT } from './theme.ts';

interface ReferenceApp {
  updateConfiguration(configuration: object): void;
}

declare const Scalar: {
  createApiReference(selector: string, configuration: object): ReferenceApp;
};

/** Returns the renderer's settings. Requests go only to the API that the reader tries. */
function configuration(content: string): object {
  const dark = currentTheme() === 'dark';
  return {
    content,
    servers: [
      { url: serverAddress() ?? location.origin, description: 'The server that this page came from' },
    ],
    theme: 'none',
    layout: 'modern',
    darkMode: dark,
    forceDarkModeState: dark ? 'dark' : 'light',
    hideDarkModeToggle: true,
    withDefaultFonts: false,
    telemetry: false,
    persistAuth: false,
    proxyUrl: '',
    hideClientButton: true,
    // The site's search has the operations too.
    hideSearch: true,
    // The document contains the samples.
    hiddenClients: true,
    showDeveloperTools: 'never',
    agent: { disabled: true },
    mcp: { disabled: true },
    documentDownloadType: 'none',
    defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
    authentication: {
      preferredSecurityScheme: 'customerKey',
      securitySchemes: { customerKey: { token: keyOfTab() } },
    },
    metaData: { title: document.title },
  };
}

async function render(): Promise<void> {
  const response = await fetch(document.body.dataset['document'] ?? '');
  if (!response.ok) throw new Error(`The document could not be loaded: ${response.status}`);
  const content = withServerAddress(await response.text());
  patchReference(document.body);
  const app = Scalar.createApiReference('#reference', configuration(content));
  document.addEventListener(THEME_EVENT, () => app.updateConfiguration(configuration(content)));
}

// Kept here, because the renderer can only keep keys for all tabs and permanently.
document.addEventListener('input', ({ target }) => {
  if (target instanceof HTMLInputElement && target.matches('[placeholder="Token"]')) {
    keepKeyInTab(target.value.trim());
  }
});

document.addEventListener('DOMContentLoaded', () => {
  render().catch(() => {
    const message = document.querySelector('#reference .loading');
    if (message) message.textContent = 'The reference could not be loaded. Reload the page to try again.';
  });
});
