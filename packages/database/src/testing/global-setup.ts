// Jest takes a default export only.
export { startTestServer as default } from './test-server.ts';
