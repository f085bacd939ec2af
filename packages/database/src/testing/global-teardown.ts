// Jest takes a default export only.
export { stopTestServer as default } from './test-server.ts';
