import { publicDocument } from '@greenroom/contract/document';
import { expect, test } from '@jest/globals';
import MiniSearch from 'minisearch';

import { allPages } from '../src/pages/all-pages.ts';
import { searchIndex } from '../src/search/search-index.ts';
import { SEARCH_OPTIONS } from '../src/search/search-options.ts';

const index = MiniSearch.loadJSON(searchIndex(await allPages(publicDocument())), SEARCH_OPTIONS);
const found = (query: string) =>
  index
    .search(query)
    .slice(0, 5)
    .map(({ id }) => String(id));

test.each([
  ['create session', '/operations/sessions.create/'],
  ['how do I end a session', '/operations/sessions.end/'],
  ['sessions.list', '/operations/sessions.list/'],
  ['/v1/usage', '/operations/usage.summary/'],
  ['worker_token.expired', '/errors/worker_token.expired/'],
  ['failure_reason', '/operations/avatars.get/'],
  ['av_stock', '/operations/avatars.list/'],
  ['transport.room_name', '/operations/sessions.create/'],
  ['subscribe_to_identity', '/operations/sessions.create/'],
  ['keys:admin', '/operations/apiKeys.create/'],
  ['price', '/operations/plans.list/'],
  ['install', '/guides/install/'],
  ['install the client', '/guides/generated-clients/'],
  ['docker', '/guides/install/'],
  ['python', '/guides/livekit-agents/'],
  ['livekit agents node', '/guides/livekit-agents-node/'],
  ['go client', '/guides/generated-client-go/'],
  ['openapi generator', '/guides/generated-clients/'],
  ['pipecat', '/guides/pipecat/'],
  ['troubleshoot', '/guides/troubleshooting/'],
  ['not working', '/guides/troubleshooting/'],
  ['migration', '/guides/migrate/'],
  ['rate limits', '/conventions/'],
  ['webhook', '/guides/receive-webhooks/'],
  ['idempotensy', '/guides/idempotency/'],
])('a search for %j finds %s among its first five', (query, path) => {
  expect(found(query)).toContain(path);
});

test('an operation ranks above those that only have the words among their fields', () => {
  const operations = found('create session').filter((path) => path.startsWith('/operations/'));
  expect(operations[0]).toBe('/operations/sessions.create/');
});

test('words that no page has do not hide pages with the other words', () => {
  expect(found('zzzz end session')).toContain('/operations/sessions.end/');
});
