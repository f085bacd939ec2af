import { Link } from '@tanstack/react-router';

import { useOwnKey } from '../api/own-key.ts';
import { dateTimeText, RelativeTime, useNow } from '../components/relative-time.tsx';

const NOTICE_MS = 7 * 86_400_000;

/** Says that the key in use expires within a week. */
export function KeyNotice() {
  const expires = useOwnKey()?.expires_at ?? null;
  const nowMs = useNow();
  if (expires === null || Date.parse(expires) - nowMs > NOTICE_MS) return null;
  return (
    <p className="key-notice notice" role="status">
      The key in use expires <RelativeTime time={expires} />, on {dateTimeText(expires)}. Then you are signed
      out. <Link to="/developers">Rotate it</Link>, or sign in with another.
    </p>
  );
}
