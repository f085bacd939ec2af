import { patchReference } from './patch-reference.ts';
import { currentTheme, THEME_EVENT } from './theme.ts';

interface ReferenceApp {
  updateConfiguration(configuration: object): void;
}

declare const Scalar: {
  createApiReference(selector: string, configuration: object): ReferenceApp;
};

/** Renders the interactive reference. Sends requests only to the API that the reader tries. */
function configuration(): object {
  const dark = currentTheme() === 'dark';
  return {
    url: document.body.dataset['document'],
    servers: [{ url: location.origin, description: 'The server that this page came from' }],
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
    // The document contains the samples.
    hiddenClients: true,
    showDeveloperTools: 'never',
    agent: { disabled: true },
    mcp: { disabled: true },
    documentDownloadType: 'none',
    defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
    authentication: { preferredSecurityScheme: 'customerKey' },
    metaData: { title: document.title },
  };
}

document.addEventListener('DOMContentLoaded', () => {
  patchReference(document.body);
  const app = Scalar.createApiReference('#reference', configuration());
  document.addEventListener(THEME_EVENT, () => app.updateConfiguration(configuration()));
});
