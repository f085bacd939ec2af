import { qualityValues } from '@greenroom/contract';

import type { MediaServer } from '../media/media-server.ts';
import type { Runtime } from '../runtime.ts';
import { ProcessPerformance } from './process-performance.ts';

export interface AvatarRuntimeOptions {
  allowPrivateAddresses: boolean;
  /** Null serves no media over WebSockets. */
  media: MediaServer | null;
}

/**
 * The `livekit` runtime: an avatar that joins the customer's LiveKit room, or exchanges media with a client over a
 * WebSocket; each session in a separate process.
 */
export function livekit({ allowPrivateAddresses, media }: AvatarRuntimeOptions): Runtime {
  return {
    type: 'livekit',
    qualities: qualityValues,
    mediaUrl: media?.url ?? null,
    perform: (assignment, portrait, onChange) =>
      new ProcessPerformance({ assignment, portrait, allowPrivateAddresses, media, onChange }),
  };
}
