import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';

import { useLiveState } from '../../api/live.tsx';
import { queries } from '../../api/queries.ts';
import { useGreenroom, useSignIn } from '../../api/sign-in.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { ScopeNote } from '../../components/scoped-button.tsx';
import { ShowMore } from '../../components/show-more.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { AvatarCard } from './avatar-card.tsx';
import { AvatarFilters } from './avatar-filters.tsx';
import './avatars.css';
import type { AvatarsSearch } from './routes.ts';
import { UploadAvatar } from './upload-avatar.tsx';

/** Polling interval of an image in processing, without the stream. */
const PROCESSING_MS = 1_500;
const SKELETON_CARDS = 5;

/** The stock avatars and those of the organisation. */
export function AvatarsPage() {
  const search: AvatarsSearch = useSearch({ from: '/shell/avatars' });
  const mode = useSignIn()?.mode ?? 'test';
  const navigate = useNavigate();
  const isLive = useLiveState() === 'live';
  const query = useInfiniteQuery({
    ...queries.avatars(useGreenroom(), {
      ...(search.scope !== undefined && { scope: search.scope }),
      ...(search.q !== undefined && { q: search.q }),
    }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => {
      const isProcessing = state.data?.pages.some(({ data }) =>
        data.some(({ status }) => status === 'processing'),
      );
      return isProcessing === true && !isLive ? PROCESSING_MS : false;
    },
  });
  const showUploaded = () => {
    // A filter could hide the new avatar.
    navigate({ to: '/avatars', search: { scope: 'org' } }).catch(reportError);
  };
  return (
    <div className="page">
      <PageHeader
        title="Avatars"
        lead={`The stock avatars, and the avatars that you uploaded in ${mode} mode.`}
        actions={<UploadAvatar onUploaded={showUploaded} />}
      />
      <ScopeNote scope="avatars:write">uploading or deleting an avatar</ScopeNote>
      <AvatarFilters search={search} />
      <QueryView query={query} skeleton={<GallerySkeleton />}>
        {({ pages }) => {
          const avatars = pages.flatMap((page) => page.data);
          if (avatars.length === 0) return <NoAvatar search={search} />;
          return (
            <>
              <ul className="gallery" aria-label="Avatars">
                {avatars.map((avatar) => (
                  <AvatarCard key={avatar.id} avatar={avatar} />
                ))}
              </ul>
              <ShowMore query={query}>Show more</ShowMore>
            </>
          );
        }}
      </QueryView>
    </div>
  );
}

function NoAvatar({ search }: { search: AvatarsSearch }) {
  if (search.q !== undefined) return <EmptyState title={`No avatar has “${search.q}” in its name or id.`} />;
  return (
    <EmptyState title="You have no avatar yet.">
      Upload a photograph of one face, from the front. It is ready within seconds.
    </EmptyState>
  );
}

function GallerySkeleton() {
  return (
    <div className="gallery" aria-hidden="true">
      {Array.from({ length: SKELETON_CARDS }, (_, index) => (
        <div key={index} className="card">
          <span className="card-picture skeleton" />
          <Skeleton width={10} />
          <Skeleton width={14} height={56} />
        </div>
      ))}
    </div>
  );
}
