// Generated from openapi/ by `pnpm generate`. Do not edit.

export const mediaPath = '/v1/media/{session_id}';

export const mediaProtocol = 'protoface.pipecat.media.v1';
