import type { Schemas } from '@greenroom/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { useOwnKey } from '../../api/own-key.ts';
import { queries } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { useToast } from '../../components/toasts.tsx';
import { CreateKey, type KeyToCreate } from './create-key.tsx';

export type ApiKey = Schemas['ApiKey'];

/** The keys of this mode: create, rotate and revoke them. */
export function KeysPage() {
  const query = useQuery(queries.apiKeys(useGreenroom()));
  const ownId = useOwnKey()?.id;
  const [creating, setCreating] = useState<KeyToCreate | null>(null);
  const [revoked, setRevoked] = useState<ApiKey | null>(null);
  const own = query.data?.data.find(({ id }) => id === ownId);
  return (
    <section className="part">
      <div className="part-header">
        <div>
          <h2>API keys</h2>
          <p className="muted small">
            Treat keys like passwords: keep them on your servers, and give each program its own, with only the
            scopes that it needs.
          </p>
        </div>
        {query.data !== undefined && (
          <Button variant="primary" onClick={() => setCreating({ replaces: null })}>
            Create key
          </Button>
        )}
      </div>
      <QueryView query={query} skeleton={<SkeletonRows rows={4} height={76} />}>
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState title="No API keys." />
          ) : (
            <ul className="rows">
              {data.map((key) => (
                <KeyRow
                  key={key.id}
                  apiKey={key}
                  isOwn={key.id === own?.id}
                  onRotate={() => setCreating({ replaces: key })}
                  onRevoke={() => setRevoked(key)}
                />
              ))}
            </ul>
          )
        }
      </QueryView>
      <CreateKey asked={creating} own={own} onClose={() => setCreating(null)} />
      <RevokeKey apiKey={revoked} isOwn={revoked?.id === own?.id} onClose={() => setRevoked(null)} />
    </section>
  );
}

function KeyRow({
  apiKey,
  isOwn,
  onRotate,
  onRevoke,
}: {
  apiKey: ApiKey;
  isOwn: boolean;
  onRotate: () => void;
  onRevoke: () => void;
}) {
  const { name, hint, mode, scopes, last_used_at: used, expires_at: expires } = apiKey;
  return (
    <li className="row">
      <div className="row-main">
        <span className="row-name">
          {name}
          <code className="muted">{hint}</code>
          <span className="tag">{mode}</span>
          {isOwn && <span className="tag accent">in use here</span>}
        </span>
        <span className="tag-list" role="group" aria-label={`Scopes of ${name}`}>
          {scopes.map((scope) => (
            <code key={scope} className="tag">
              {scope}
            </code>
          ))}
        </span>
        <span className="muted small">
          {used === null ? (
            'Never used'
          ) : (
            <>
              Used <RelativeTime time={used} />
            </>
          )}
          {' · '}
          {expires === null ? (
            'never expires'
          ) : (
            <>
              expires <RelativeTime time={expires} />
            </>
          )}
        </span>
      </div>
      <div className="row-actions">
        <Button onClick={onRotate} aria-label={`Rotate ${name}`}>
          Rotate
        </Button>
        <Button variant="danger" onClick={onRevoke} aria-label={`Revoke ${name}`}>
          Revoke
        </Button>
      </div>
    </li>
  );
}

function RevokeKey({
  apiKey,
  isOwn,
  onClose,
}: {
  apiKey: ApiKey | null;
  isOwn: boolean;
  onClose: () => void;
}) {
  const greenroom = useGreenroom();
  const queryClient = useQueryClient();
  const toast = useToast();
  const revoke = useMutation({
    mutationFn: async ({ id }: ApiKey) => greenroom.apiKeys.delete(id),
    onSuccess: (_, { name }) => {
      toast(`${name} is revoked.`);
      onClose();
    },
    onSettled: async () => queryClient.invalidateQueries({ queryKey: ['api-keys'] }),
  });
  const close = () => {
    revoke.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen={apiKey !== null}
      onClose={close}
      title={`Revoke ${apiKey?.name ?? 'this key'}?`}
      action="Revoke key"
      isBusy={revoke.isPending}
      problem={revoke.error?.message}
      onConfirm={() => apiKey !== null && revoke.mutate(apiKey)}
    >
      {isOwn && (
        <p className="notice">
          This console uses this key. You will be signed out, and need another key to sign in again.
        </p>
      )}
      <p>
        It stops working everywhere within a second. Sessions that it created continue. This cannot be undone.
      </p>
    </ConfirmDialog>
  );
}
