import type { Schemas } from '@greenroom/client';
import { eventTypeValues } from '@greenroom/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import { useGreenroom } from '../../api/sign-in.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Field, otherProblem, problemOf } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { ScopedButton, ScopeNote } from '../../components/scoped-button.tsx';
import { SecretDialog } from '../../components/secret-dialog.tsx';
import { useToast } from '../../components/toasts.tsx';
import { chosenOf } from './choices.tsx';
import { EndpointForm } from './endpoint-form.tsx';

type Endpoint = Schemas['WebhookEndpoint'];
type Action = 'edit' | 'test' | 'disable' | 'enable' | 'rotate' | 'delete';

const SCOPE = 'webhooks:write';

/** The actions of an endpoint. */
export function EndpointActions({ endpoint }: { endpoint: Endpoint }) {
  const { id, status } = endpoint;
  const greenroom = useGreenroom();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();
  const [action, setAction] = useState<Action | null>(null);
  const isEnabled = status === 'enabled';
  const reread = async () => queryClient.invalidateQueries({ queryKey: ['webhook-endpoints'] });
  const test = useMutation({
    mutationFn: async (form: FormData) => {
      const [type] = chosenOf(form, 'type', eventTypeValues);
      return greenroom.webhookEndpoints.test(id, type === undefined ? {} : { type });
    },
    onSuccess: async () => queryClient.invalidateQueries({ queryKey: ['webhook-deliveries', id] }),
  });
  const showDelivery = ({ id: delivery }: Schemas['WebhookDelivery']) => {
    setAction(null);
    navigate({
      to: '/developers/webhooks/$endpointId',
      params: { endpointId: id },
      search: { delivery },
      resetScroll: false,
    }).catch(reportError);
  };
  const change = useMutation({
    mutationFn: async (changed: 'enabled' | 'disabled') =>
      greenroom.webhookEndpoints.update(id, { status: changed }),
    onSuccess: async () => {
      setAction(null);
      await reread();
    },
  });
  const rotate = useMutation({
    mutationFn: async () => greenroom.webhookEndpoints.rotateSecret(id),
    onSuccess: () => setAction(null),
  });
  const remove = useMutation({
    mutationFn: async () => greenroom.webhookEndpoints.delete(id),
    onSuccess: async () => {
      toast('The endpoint was deleted.');
      // Not the endpoint, which this page still shows.
      await queryClient.invalidateQueries({ queryKey: ['webhook-endpoints', 'list'] });
    },
  });
  // Passed to `mutate`, so that it does not run after the reader has left this page.
  const showEndpoints = () => {
    navigate({ to: '/developers/webhooks' }).catch(reportError);
  };
  const close = () => {
    setAction(null);
    for (const each of [test, change, rotate, remove]) each.reset();
  };
  return (
    <div className="endpoint-actions">
      <div className="row-actions">
        <ScopedButton scope={SCOPE} variant="primary" disabled={!isEnabled} onClick={() => setAction('test')}>
          Send test event
        </ScopedButton>
        <ScopedButton scope={SCOPE} onClick={() => setAction('edit')}>
          Edit
        </ScopedButton>
        <ScopedButton scope={SCOPE} onClick={() => setAction(isEnabled ? 'disable' : 'enable')}>
          {isEnabled ? 'Disable' : 'Enable'}
        </ScopedButton>
        <ScopedButton scope={SCOPE} onClick={() => setAction('rotate')}>
          Rotate secret
        </ScopedButton>
        <ScopedButton scope={SCOPE} variant="danger" onClick={() => setAction('delete')}>
          Delete
        </ScopedButton>
      </div>
      <ScopeNote scope={SCOPE}>changing the endpoint or sending to it</ScopeNote>

      <EndpointForm isOpen={action === 'edit'} endpoint={endpoint} onClose={close} />
      <FormDialog
        isOpen={action === 'test'}
        onClose={close}
        title="Send a test event"
        lead="A sample of this type is delivered like an event, but is not in the event log."
        action="Send"
        isBusy={test.isPending}
        problem={otherProblem(test.error, ['type'])}
        onSubmit={(form) => test.mutate(form, { onSuccess: showDelivery })}
      >
        <Field label="Type" problem={problemOf(test.error, 'type')}>
          {(input) => (
            <select {...input} name="type" className="input" defaultValue="ping">
              {eventTypeValues.map((type) => (
                <option key={type}>{type}</option>
              ))}
            </select>
          )}
        </Field>
      </FormDialog>
      <ConfirmDialog
        isOpen={action === 'disable'}
        onClose={close}
        title="Disable this endpoint?"
        action="Disable endpoint"
        variant="danger"
        isBusy={change.isPending}
        problem={change.error?.message}
        onConfirm={() => change.mutate('disabled')}
      >
        Nothing more is sent, and pending deliveries are canceled.
      </ConfirmDialog>
      <ConfirmDialog
        isOpen={action === 'enable'}
        onClose={close}
        title="Enable this endpoint?"
        action="Enable endpoint"
        variant="primary"
        isBusy={change.isPending}
        problem={change.error?.message}
        onConfirm={() => change.mutate('enabled')}
      >
        Events from now on are sent. Events that happened while it was disabled are not.
      </ConfirmDialog>
      <ConfirmDialog
        isOpen={action === 'rotate'}
        onClose={close}
        title="Rotate the secret?"
        action="Rotate secret"
        variant="primary"
        isBusy={rotate.isPending}
        problem={rotate.error?.message}
        onConfirm={rotate.mutate}
      >
        For 24 hours, deliveries are signed with both the new and the current secret, so your server can
        switch without a gap. If you rotate again within this time, the older secret stops working at once.
      </ConfirmDialog>
      <ConfirmDialog
        isOpen={action === 'delete'}
        onClose={close}
        title="Delete this endpoint?"
        action="Delete endpoint"
        isBusy={remove.isPending}
        problem={remove.error?.message}
        onConfirm={() => remove.mutate(undefined, { onSuccess: showEndpoints })}
      >
        Nothing more is sent to it, and its deliveries are deleted. This cannot be undone.
      </ConfirmDialog>
      <SecretDialog title="The new secret" secret={rotate.data?.secret ?? null} onClose={rotate.reset}>
        The previous secret still verifies deliveries for 24 hours.
      </SecretDialog>
    </div>
  );
}
