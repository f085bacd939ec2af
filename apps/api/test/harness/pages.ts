import { expect } from '@jest/globals';

import { read, type List } from './responses.ts';
import type { TestServer } from './test-server.ts';

/** Reads every page of a list and checks the rules of paging. Runs `between` before each further page. */
export async function pagesOf<Item extends { id: string }>(
  server: TestServer,
  path: string,
  { key, between }: { key?: string; between?: () => Promise<unknown> } = {},
): Promise<Item[][]> {
  const pages: Item[][] = [];
  let cursor: string | null = null;
  do {
    if (cursor !== null) await between?.();
    const after: string = cursor === null ? '' : `${path.includes('?') ? '&' : '?'}starting_after=${cursor}`;
    const page: List<Item> = await read(server.request(path + after, key === undefined ? {} : { key }));
    expect(page.object).toBe('list');
    expect(page.has_more).toBe(page.next_cursor !== null);
    if (page.next_cursor !== null) expect(page.next_cursor).toBe(page.data.at(-1)?.id);
    pages.push(page.data);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return pages;
}

/** Returns the ids of all items of a list, in the order of its pages. */
export async function idsOf(server: TestServer, path: string, key?: string): Promise<string[]> {
  return (await pagesOf(server, path, key === undefined ? {} : { key })).flat().map(({ id }) => id);
}
