import type { Schemas } from '@greenroom/client';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import { queries } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { QueryView } from '../../components/query-view.tsx';
import { ScopedButton, ScopeNote } from '../../components/scoped-button.tsx';
import { SecretDialog } from '../../components/secret-dialog.tsx';
import { SkeletonRows } from '../../components/skeleton.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { EndpointForm } from './endpoint-form.tsx';

/** The webhook endpoints of this mode. */
export function WebhooksPage() {
  const query = useQuery(queries.webhookEndpoints(useGreenroom()));
  const navigate = useNavigate();
  const [isCreating, setCreating] = useState(false);
  const [created, setCreated] = useState<Schemas['WebhookEndpointWithSecret'] | null>(null);
  const open = () => {
    setCreated(null);
    if (created === null) return;
    navigate({ to: '/developers/webhooks/$endpointId', params: { endpointId: created.id } }).catch(
      reportError,
    );
  };
  return (
    <section className="part">
      <div className="part-header">
        <div>
          <h2>Webhook endpoints</h2>
          <p className="muted small">
            Events of this mode are posted to each endpoint, signed with the endpoint’s secret.
          </p>
        </div>
        {query.data !== undefined && (
          <ScopedButton scope="webhooks:write" variant="primary" onClick={() => setCreating(true)}>
            Create endpoint
          </ScopedButton>
        )}
      </div>
      {query.data !== undefined && <ScopeNote scope="webhooks:write">creating an endpoint</ScopeNote>}
      <QueryView query={query} skeleton={<SkeletonRows rows={3} height={60} />}>
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState title="No webhook endpoints yet.">
              Create one to be notified of events instead of polling for them.
            </EmptyState>
          ) : (
            <ul className="rows">
              {data.map(({ id, url, description, event_types: types, status }) => (
                <li key={id}>
                  <Link to="/developers/webhooks/$endpointId" params={{ endpointId: id }} className="row">
                    <span className="row-main">
                      <span className="row-name">{url}</span>
                      <span className="muted small">
                        {description !== '' && `${description} · `}
                        {types.length === 0 ? 'all events' : types.join(', ')}
                      </span>
                    </span>
                    <StatusBadge status={status} />
                  </Link>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
      <EndpointForm
        isOpen={isCreating}
        endpoint={null}
        onClose={() => setCreating(false)}
        onCreated={setCreated}
      />
      <SecretDialog title="The endpoint was created" secret={created?.secret ?? null} onClose={open}>
        Verify the signature of each delivery with this secret.
      </SecretDialog>
    </section>
  );
}
