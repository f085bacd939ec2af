import { until } from '@greenroom/testing';
import { createParser } from 'eventsource-parser';

import type { Schemas } from './responses.ts';
import type { TestServer } from './test-server.ts';

export type Event = Schemas['Event'];

/** An open event stream. */
export interface StreamReader {
  response: Response;
  /** The events so far. */
  events: Event[];
  /** Positions that were sent without an event. */
  marks: string[];
  /** The value of each `retry`, in milliseconds. */
  retries: number[];
  /** Set when the stream is over; its error is null if the stream ended normally. */
  over: { error: unknown } | null;
  /** Resolves when a number of events has arrived. */
  received(count: number): Promise<Event[]>;
  close(): void;
}

/** Opens an event stream. Rejects if the server rejects it. */
export async function openStream(
  server: Pick<TestServer, 'url' | 'keys'>,
  query = '',
  { key = server.keys.test, headers = {} }: { key?: string; headers?: Record<string, string> } = {},
): Promise<StreamReader> {
  const controller = new AbortController();
  const response = await fetch(`${server.url}/v1/events/stream${query}`, {
    headers: { Authorization: `Bearer ${key}`, ...headers },
    signal: controller.signal,
  });
  if (!response.ok || response.body === null) throw new Error(`${response.status} ${await response.text()}`);
  const reader: StreamReader = {
    response,
    events: [],
    marks: [],
    retries: [],
    over: null,
    async received(count) {
      await until(() => reader.events.length >= count);
      return reader.events;
    },
    close: () => controller.abort(),
  };
  collect(response.body, reader).catch(() => undefined);
  return reader;
}

async function collect(body: ReadableStream<Uint8Array>, reader: StreamReader): Promise<void> {
  const parser = createParser({
    onEvent({ id, event, data }) {
      const parsed = JSON.parse(data) as Event;
      if (parsed.id !== id || parsed.type !== event) throw new Error(`${id} ${event}: ${data}`);
      reader.events.push(parsed);
    },
    onComment: (comment) => reader.marks.push(comment.trim()),
    onRetry: (ms) => reader.retries.push(ms),
  });
  try {
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) parser.feed(chunk);
    reader.over = { error: null };
  } catch (error) {
    reader.over = { error };
  }
}
