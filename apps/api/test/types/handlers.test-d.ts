/** Compiled, not run. Code that must not compile is marked, and an unused mark does not compile either. */
import type { Handler, Handlers, OperationRequest } from '../../src/contract/handlers.ts';
import type { OperationResponse } from '../../src/contract/responses.ts';

declare const handlers: Handlers;
declare const session: Extract<OperationResponse<'sessions.get'>, { status: 200 }>['body'];
declare const accept: <Type>(...values: [Type, ...Type[]]) => void;

// The map is total over the operations.
accept<Handlers>(handlers);
const { events: _events, ...sessionsWithoutEvents } = handlers.sessions;
// @ts-expect-error An operation of the document is missing.
accept<Handlers['sessions']>(sessionsWithoutEvents);
const { usage: _usage, ...withoutUsage } = handlers;
// @ts-expect-error All operations of a resource are missing.
accept<Handlers>(withoutUsage);
accept<Handlers['plans']>({
  list: handlers.plans.list,
  // @ts-expect-error The document has no such operation.
  purge: () => Promise.resolve({ status: 204 }),
});
accept<Handlers>({
  ...handlers,
  // @ts-expect-error The document has no such resource.
  rooms: {},
});

// A response is one that the operation declares.
accept<OperationResponse<'sessions.create'>>({
  status: 201,
  body: session,
  headers: { Location: '/v1/sessions/x' },
});
accept<OperationResponse<'apiKeys.delete'>>({ status: 204 });
accept<OperationResponse<'sessions.create'>>({
  // @ts-expect-error The document declares 201, not 200.
  status: 200,
  body: session,
});
accept<OperationResponse<'sessions.get'>>({
  // @ts-expect-error Errors are thrown, not returned.
  status: 404,
  body: session,
});
// @ts-expect-error A declared body is missing.
accept<OperationResponse<'sessions.get'>>({ status: 200 });
// @ts-expect-error 204 has no body.
accept<OperationResponse<'apiKeys.delete'>>({ status: 204, body: {} });
accept<OperationResponse<'sessions.get'>>({
  status: 200,
  // @ts-expect-error The body is another operation's.
  body: { object: 'list', data: [], has_more: false, next_cursor: null },
});
accept<OperationResponse<'sessions.get'>>({
  status: 200,
  body: {
    ...session,
    // @ts-expect-error No such status is declared.
    status: 'sleeping',
  },
});
accept<OperationResponse<'sessions.get'>>({
  status: 200,
  body: {
    id: session.id,
    object: 'session',
    status: 'queued',
    avatar_id: session.avatar_id,
    transport: session.transport,
    quality: 'standard',
    max_duration_seconds: 60,
    idle_timeout_seconds: 30,
    metadata: {},
    created_at: session.created_at,
    started_at: null,
    first_frame_at: null,
    ended_at: null,
    failed_at: null,
    failure: null,
    usage: { billable_seconds: 0, frames: 0 },
    // @ts-expect-error The document declares no such field.
    worker_id: 'wkr_1',
  },
});
const { usage: _sessionUsage, ...sessionWithoutUsage } = session;
// @ts-expect-error A field that every response has is missing.
accept<OperationResponse<'sessions.get'>>({ status: 200, body: sessionWithoutUsage });

// A response that is not JSON is returned as bytes.
accept<OperationResponse<'assignments.portrait'>>({ status: 200, body: new Uint8Array() });
// @ts-expect-error Bytes are not text.
accept<OperationResponse<'assignments.portrait'>>({ status: 200, body: 'RIFF' });

// A handler's response is checked against its operation.
accept<Handler<'sessions.get'>>(() => Promise.resolve({ status: 200, body: session }));
// @ts-expect-error This is the response of another operation.
accept<Handler<'sessions.get'>>(() => Promise.resolve({ status: 204 }));

// A request has only the fields of the document.
declare const list: OperationRequest<'sessions.list'>;
declare const end: OperationRequest<'sessions.end'>;
declare const status: OperationRequest<'status.get'>;
declare const upload: OperationRequest<'avatars.create'>;
declare const claim: OperationRequest<'workers.claim'>;
accept<number>(list.query.limit);
accept<string>(list.identity.orgId);
accept<string>(end.path.session_id);
accept<undefined>(end.body);
accept<undefined>(status.identity);
accept<'worker'>(claim.identity.kind);
accept<string>(upload.body.name);
// A file of a form is read as bytes.
accept<Uint8Array>(upload.body.image);
// @ts-expect-error The document has no such field.
accept(upload.body.picture);
// @ts-expect-error A parameter without a default may be absent.
accept<string>(list.query.starting_after);
// @ts-expect-error The document has no such parameter.
accept(list.query.page);
// @ts-expect-error The document has no such path parameter.
accept(end.path.avatar_id);
// @ts-expect-error A worker belongs to no organisation.
accept(claim.identity.orgId);
