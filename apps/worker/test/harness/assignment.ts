import type { Assignment } from '../../src/runtime.ts';
import { nextId } from './next-id.ts';

/** A secret, which a worker must never log. */
export const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.the-customers-secret.signature';

export type AssignmentOptions = Partial<
  Omit<Assignment, 'session'> & { session: Partial<Assignment['session']> }
>;

/** Returns an assignment as a claim returns it. */
export function assignmentWith({ session, ...others }: AssignmentOptions = {}): Assignment {
  return {
    object: 'assignment',
    session: {
      id: nextId('sess'),
      object: 'session',
      status: 'queued',
      avatar_id: 'av_stock_001',
      transport: {
        type: 'livekit',
        url: 'wss://rooms.example.com',
        room_name: 'lobby',
        worker_token: '[redacted]',
        worker_identity: 'greenroom-worker',
        audio_source: 'data_stream',
        subscribe_to_identity: null,
        synthetic_audio_if_no_input: false,
      },
      quality: 'standard',
      max_duration_seconds: 60,
      idle_timeout_seconds: 30,
      metadata: {},
      created_at: '2026-03-12T09:32:10.480Z',
      started_at: null,
      first_frame_at: null,
      ended_at: null,
      failed_at: null,
      failure: null,
      usage: { billable_seconds: 0, frames: 0 },
      ...session,
    },
    portrait_landmarks: null,
    worker_token: TOKEN,
    media_token: null,
    fence: 1,
    lease_seconds: 15,
    report_interval_seconds: 5,
    assigned_at: new Date().toISOString(),
    created_by_request: 'req_01KKGP79VGVVNAJTS2PNVX0WS3',
    traceparent: null,
    ...others,
  };
}
