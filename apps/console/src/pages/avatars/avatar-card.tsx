import { addresses } from '../../api/addresses.ts';
import type { Avatar } from '../../api/queries.ts';
import { AvatarPicture } from '../../components/avatar-picture.tsx';
import { Icon } from '../../components/icon.tsx';
import { Id } from '../../components/id.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { DeleteAvatar } from './delete-avatar.tsx';

const PICTURE_SIZE = 240;
const STOCK_PREFIX = 'av_stock_';

/** An avatar with its picture and its actions. */
export function AvatarCard({ avatar }: { avatar: Avatar }) {
  const { id, name, status, failure_reason: failureReason } = avatar;
  const isStock = id.startsWith(STOCK_PREFIX);
  return (
    <li className="card" data-status={status}>
      {/* An avatar has no picture before it is ready. */}
      {status === 'ready' ? (
        <AvatarPicture avatarId={id} size={PICTURE_SIZE} />
      ) : (
        <span className="card-picture">
          <Icon name={status === 'failed' ? 'warn' : 'face'} />
        </span>
      )}
      <div className="card-top">
        <span className="card-name cut" title={name}>
          {name}
        </span>
        <span role="status">{status !== 'ready' && <StatusBadge status={status} />}</span>
        {status === 'ready' && <span className="muted small">{isStock ? 'Stock' : 'Yours'}</span>}
      </div>
      <Id id={id} />
      {failureReason !== null && (
        <p className="card-failure">
          {failureReason} <a href={addresses.avatarFailures}>Which images work</a>
        </p>
      )}
      <div className="card-actions">
        {status === 'ready' && (
          <a href={addresses.playgroundOf(id)}>
            Try <span className="hidden">{name} </span>in the playground
          </a>
        )}
        {status === 'processing' && <span className="muted small">Ready within seconds</span>}
        {!isStock && <DeleteAvatar avatar={avatar} />}
      </div>
    </li>
  );
}
