// Jest requires a default export.
export { startTestServer as default } from './test-server.ts';
