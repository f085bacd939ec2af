export { query } from './testing/query.ts';
export { createTestDatabase, type TestDatabase } from './testing/test-database.ts';
export { startTestServer, stopTestServer } from './testing/test-server.ts';
