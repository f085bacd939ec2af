import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';

/** In development the pages are at a fixed path; the built files derive it from the address of the page. */
const DEVELOPMENT_BASE = '/console/';

/** Sets the base element in development, because Vite ignores that of the page. */
const baseElement = (href: string): Plugin => ({
  name: 'base-element',
  apply: 'serve',
  transformIndexHtml: (html) => html.replace('<base href="./"', `<base href="${href}"`),
});

const api = process.env['GREENROOM_API_URL'] ?? 'http://127.0.0.1:4000';

export default defineConfig(({ command }) => ({
  base: command === 'serve' ? DEVELOPMENT_BASE : './',
  plugins: [react(), baseElement(DEVELOPMENT_BASE)],
  resolve: { conditions: ['@greenroom/source', ...defaultClientConditions] },
  build: {
    outDir: 'dist/site',
    emptyOutDir: true,
    target: 'es2023',
    // Every file has an address, because the policy of the pages allows no data in its place.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: Object.fromEntries(
      ['/v1', '/docs', '/openapi.json', '/console/sign-in-code'].map((path) => [path, api]),
    ),
  },
}));
