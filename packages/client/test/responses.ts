import type { Step } from './scripted-server.ts';

export const SESSION_ID = 'sess_01KKGP3AHXVQV4KG6WMY16063Q';
export const REQUEST_ID = 'req_01KKGP79VGVVNAJTS2PNVX0WS3';

export function session(status: string, failure: unknown = null): Step {
  return { status: 200, json: { id: SESSION_ID, object: 'session', status, failure } };
}

export function page(ids: string[], nextCursor: string | null): Step {
  const data = ids.map((id) => ({ id, object: 'session' }));
  return {
    status: 200,
    json: { object: 'list', data, has_more: nextCursor !== null, next_cursor: nextCursor },
  };
}

export function failure(
  status: number,
  type: string,
  code: string,
  headers: Record<string, string> = {},
  message = 'Something is wrong.',
): Step {
  return { status, headers, json: { error: { type, code, message, param: null, request_id: REQUEST_ID } } };
}

export const sessionCreate = {
  avatar_id: 'av_stock_001',
  transport: {
    type: 'livekit' as const,
    url: 'wss://room.example',
    room_name: 'lobby',
    worker_token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJncmVlbnJvb20td29ya2VyIn0.c2lnbmF0dXJl',
  },
};
