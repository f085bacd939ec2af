import type { Schemas } from '@greenroom/client';
import { eventTypeValues } from '@greenroom/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';

import { useGreenroom } from '../../api/sign-in.ts';
import { Field, otherProblem, problemOf } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { Choices, chosenOf, textOf } from './choices.tsx';

const FIELDS = ['url', 'description', 'event_types'];
/** Tests are always sent. */
const TYPES = eventTypeValues.filter((type) => type !== 'ping');

/** Creates or changes an endpoint. */
export function EndpointForm({
  isOpen,
  endpoint,
  onClose,
  onCreated,
}: {
  isOpen: boolean;
  /** The endpoint to change; null to create one. */
  endpoint: Schemas['WebhookEndpoint'] | null;
  onClose: () => void;
  onCreated?: (endpoint: Schemas['WebhookEndpointWithSecret']) => void;
}) {
  const greenroom = useGreenroom();
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: async (form: FormData) => {
      const fields = {
        url: textOf(form, 'url').trim(),
        description: textOf(form, 'description'),
        event_types: chosenOf(form, 'event_types', TYPES),
      };
      if (endpoint === null) onCreated?.(await greenroom.webhookEndpoints.create(fields));
      else await greenroom.webhookEndpoints.update(endpoint.id, fields);
    },
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: ['webhook-endpoints'] });
    },
  });
  const close = () => {
    save.reset();
    onClose();
  };
  return (
    <FormDialog
      isOpen={isOpen}
      onClose={close}
      title={endpoint === null ? 'Create a webhook endpoint' : 'Edit the endpoint'}
      action={endpoint === null ? 'Create endpoint' : 'Save'}
      isBusy={save.isPending}
      problem={otherProblem(save.error, FIELDS)}
      onSubmit={save.mutate}
    >
      <Field
        label="URL"
        hint="The address of your server to which events are posted."
        problem={problemOf(save.error, 'url')}
      >
        {(input) => (
          <input
            {...input}
            name="url"
            type="url"
            inputMode="url"
            className="input"
            placeholder="https://example.com/greenroom"
            defaultValue={endpoint?.url}
          />
        )}
      </Field>
      <Field label="Description" problem={problemOf(save.error, 'description')}>
        {(input) => (
          <input {...input} name="description" className="input" defaultValue={endpoint?.description} />
        )}
      </Field>
      <Choices
        legend="Events"
        name="event_types"
        values={TYPES}
        chosen={endpoint?.event_types ?? []}
        hint="Choose none for all types, including types added later."
        problem={problemOf(save.error, 'event_types')}
      />
    </FormDialog>
  );
}
