import { SignJWT } from 'jose';

/** The customer's secret, which is unknown to the server. */
const SECRET = new TextEncoder().encode('a secret that only the customer has');

export interface TokenOptions {
  room?: string;
  identity?: string;
  /** Seconds from now; negative is the past. */
  expiresIn?: number;
  notBefore?: number;
  video?: Record<string, unknown>;
  /** Such as `lk.publish_on_behalf`. */
  attributes?: Record<string, string>;
}

/** Returns a LiveKit access token as a customer mints it: HS256, identity in `sub`, grants in `video`. */
export function mintWorkerToken({
  room = 'lobby',
  identity = 'greenroom-worker',
  expiresIn = 600,
  notBefore,
  video,
  attributes,
}: TokenOptions = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const grants = { room, ...(video ?? { roomJoin: true, canPublish: true, canSubscribe: true }) };
  const jwt = new SignJWT({ video: grants, ...(attributes !== undefined && { attributes }) })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('customer')
    .setSubject(identity)
    .setExpirationTime(now + expiresIn);
  if (notBefore !== undefined) jwt.setNotBefore(now + notBefore);
  return jwt.sign(SECRET);
}

let rooms = 0;

/** Returns a body that `sessions.create` accepts, each time with another room. */
export async function sessionCreate(
  options: TokenOptions & { transport?: Record<string, unknown>; [field: string]: unknown } = {},
) {
  const {
    room = `room-${process.pid}-${(rooms += 1)}`,
    identity,
    expiresIn,
    notBefore,
    video,
    attributes,
    transport,
    ...fields
  } = options;
  const token = await mintWorkerToken({
    room,
    ...(identity !== undefined && { identity }),
    ...(expiresIn !== undefined && { expiresIn }),
    ...(notBefore !== undefined && { notBefore }),
    ...(video !== undefined && { video }),
    ...(attributes !== undefined && { attributes }),
  });
  return {
    avatar_id: 'av_stock_001',
    transport: {
      type: 'livekit' as const,
      url: 'wss://rooms.example.com',
      room_name: room,
      worker_token: token,
      ...transport,
    },
    ...fields,
  };
}
