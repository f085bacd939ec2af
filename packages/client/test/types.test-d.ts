/** Compiled and never run: calls that the types of the client must allow, and calls that they must reject. */
import type { operations } from '../src/generated/wire.ts';
import {
  createGreenroom,
  type GreenroomError,
  type Method,
  type OperationId,
  type Schemas,
} from '../src/index.ts';

type IsAny<A> = 0 extends 1 & A ? true : false;
type Same<A, B> = IsAny<A> extends true ? false : [A, B] extends [B, A] ? true : false;
type Expect<Claim extends true> = Claim;
type Result<Id extends OperationId> = Awaited<ReturnType<Method<Id>>>;

const greenroom = createGreenroom({ apiKey: 'sk_test_x', baseUrl: 'http://localhost:4000' });
declare const maybe: 5 | undefined;
declare const body: Schemas['SessionCreate'];
declare const error: GreenroomError;

export type Claims = [
  // The table of the methods and their types have the same operations. Those of webhooks are not called.
  Expect<Same<OperationId, Exclude<keyof operations, `webhooks.${string}`>>>,
  Expect<Same<Result<'sessions.get'>, Schemas['Session']>>,
  Expect<Same<Result<'sessions.list'>, Schemas['SessionList']>>,
  Expect<Same<Result<'plans.list'>, Schemas['Plan'][]>>,
  Expect<Same<Result<'apiKeys.delete'>, undefined>>,
  Expect<Same<Result<'avatars.create'>, Schemas['Avatar']>>,
  Expect<Same<Result<'avatars.preview'>, Blob>>,
];

export async function allowed() {
  await greenroom.sessions.list();
  await greenroom.sessions.list(
    { limit: maybe, status: ['active', 'ended'] as const },
    { signal: undefined },
  );
  const sessions: Schemas['Session'][] = [];
  for await (const session of greenroom.sessions.list()) sessions.push(session);
  const events: Schemas['SessionEvent'][] = [];
  for await (const event of greenroom.sessions.events('sess_1')) events.push(event);
  await greenroom.sessions.create(body, {
    idempotencyKey: 'x',
    timeoutMs: 5,
    headers: { traceparent: '00' },
  });
  await greenroom.sessions.end('sess_1', { maxRetries: 0 });
  await greenroom.avatars.create({ image: new Blob([]), name: 'Our host' }, { idempotencyKey: 'x' });
  await greenroom.avatars.create({ image: new File([], 'host.png'), name: 'Our host' });
  await greenroom.usage.summary({ period: 'current_month' });
  await greenroom.status.get({ timeoutMs: 100 });
  for await (const { type, data } of greenroom.events.stream({
    types: ['session.ended'],
    signal: undefined,
  })) {
    if (data.object.object === 'session' && type === 'session.ended') sessions.push(data.object);
  }
  const { status } = await greenroom.sessions.waitFor('sess_1', ['running', 'ended']);
  const awaited: 'running' | 'ended' = status;
  if (error.code === 'concurrent_sessions') return error.retryAfterMs;
  return { sessions, events, awaited, isNewer: error.code === 'code.of_a_newer_server' };
}

export async function refused() {
  // @ts-expect-error an operation that is not in the document
  await greenroom.sessions.pause('sess_1');
  // @ts-expect-error an internal operation, which the public document leaves out
  await greenroom.workers.register({});
  // @ts-expect-error the id is missing
  await greenroom.sessions.get();
  // @ts-expect-error the body is missing
  await greenroom.sessions.create();
  // @ts-expect-error a field that the document does not have
  await greenroom.sessions.create({ ...body, colour: 'green' });
  // @ts-expect-error a file is a Blob or a File
  await greenroom.avatars.create({ image: 'host.png', name: 'Our host' });
  // @ts-expect-error a status that does not exist
  await greenroom.sessions.list({ status: ['sleeping'] });
  // @ts-expect-error a filter that does not exist
  await greenroom.sessions.list({ colour: 'green' });
  // @ts-expect-error an idempotency key where the operation takes none
  await greenroom.sessions.end('sess_1', { idempotencyKey: 'x' });
  // @ts-expect-error a shorthand of the filter, which is not a status
  await greenroom.sessions.waitFor('sess_1', ['active']);
  // @ts-expect-error a list without pages, which is not iterated
  for await (const plan of greenroom.plans.list()) plan.toString();
  // @ts-expect-error a session has no such field
  (await greenroom.sessions.get('sess_1')).colour();
  // @ts-expect-error the address of the API is required
  createGreenroom({ apiKey: 'sk_test_x' });
}
