import { useInfiniteQuery } from '@tanstack/react-query';

import { queries } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { AvatarPicture } from '../../components/avatar-picture.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import './avatars.css';

/** The stock avatars and those of the organisation. */
export function AvatarsPage() {
  const query = useInfiniteQuery(queries.avatars(useGreenroom()));
  return (
    <div className="page">
      <PageHeader title="Avatars" lead="Stock avatars, and those that you uploaded in this mode." />
      <QueryView query={query} skeleton={<SkeletonRows rows={4} height={120} />}>
        {({ pages }) => {
          const avatars = pages.flatMap((page) => page.data);
          if (avatars.length === 0) return <EmptyState title="There is no avatar." />;
          return (
            <ul className="gallery">
              {avatars.map((avatar) => (
                <li key={avatar.id} className="card">
                  <AvatarPicture avatarId={avatar.id} size={176} />
                  <span className="card-name">{avatar.name}</span>
                  <span className="card-line">
                    <code>{avatar.id}</code>
                    {avatar.status !== 'ready' && <StatusBadge status={avatar.status} />}
                  </span>
                </li>
              ))}
            </ul>
          );
        }}
      </QueryView>
    </div>
  );
}
