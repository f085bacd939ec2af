import { scopeValues } from '@greenroom/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';

import { putKey, useGreenroom } from '../../api/sign-in.ts';
import { Button } from '../../components/button.tsx';
import { Field, otherProblem, problemOf } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { dateText } from '../../components/relative-time.tsx';
import { SecretDialog } from '../../components/secret-dialog.tsx';
import { useToast } from '../../components/toasts.tsx';
import { Choices, chosenOf, textOf } from './choices.tsx';
import type { ApiKey } from './keys-page.tsx';

/** A key to create. */
export interface KeyToCreate {
  /** The key that it replaces; null for an additional one. */
  replaces: ApiKey | null;
}

const DAY_MS = 86_400_000;
const DAYS = [7, 30, 90, 365];
/** The default for the replacement of an expired key. */
const DAYS_AFTER_EXPIRED = 90;
/** The option that keeps the expiry of the old key. */
const AS_OLD = 'as-old';
const FIELDS = ['name', 'scopes', 'expires_at'];

/** Asks for the fields of a new key, creates it, and shows its secret once. */
export function CreateKey({
  asked,
  own,
  onClose,
}: {
  asked: KeyToCreate | null;
  /** The key in use. A new one can have its scopes, and expires no later. */
  own: ApiKey | undefined;
  onClose: () => void;
}) {
  const greenroom = useGreenroom();
  const queryClient = useQueryClient();
  const toast = useToast();
  const replaces = asked?.replaces ?? null;
  const reread = async () => queryClient.invalidateQueries({ queryKey: ['api-keys'] });
  const create = useMutation({
    mutationFn: async (form: FormData) =>
      greenroom.apiKeys.create({
        name: textOf(form, 'name'),
        scopes: chosenOf(form, 'scopes', scopeValues),
        expires_at: expiryOf(textOf(form, 'expires_at'), { own, replaces }),
      }),
    onSuccess: reread,
  });
  const close = () => {
    create.reset();
    onClose();
  };
  const revoke = useMutation({
    mutationFn: async ({ id }: ApiKey) => {
      if (id === own?.id && create.data !== undefined) {
        // A request with the old key would fail.
        putKey(create.data.secret);
        await queryClient.cancelQueries();
      }
      await greenroom.apiKeys.delete(id);
    },
    onSuccess: async (_, { name }) => {
      toast(`The old ${name} was revoked.`);
      close();
      await reread();
    },
    onError: (error) => toast(`The old key was not revoked. ${error.message}`, { isError: true }),
  });
  const lacked = own === undefined ? [] : scopeValues.filter((scope) => !own.scopes.includes(scope));
  const lost = replaces?.scopes.filter((scope) => lacked.includes(scope)) ?? [];
  const ownExpiry = own?.expires_at ?? null;
  const oldExpiry = keptExpiryOf(replaces, ownExpiry);
  return (
    <>
      <FormDialog
        isOpen={asked !== null && create.data === undefined}
        onClose={close}
        title={replaces === null ? 'Create an API key' : `Rotate ${replaces.name}`}
        lead={
          replaces === null
            ? 'It has the same mode as your current key.'
            : 'Create a key with these scopes, deploy it, and then revoke the old one.'
        }
        action="Create key"
        isBusy={create.isPending}
        problem={otherProblem(create.error, FIELDS)}
        onSubmit={create.mutate}
      >
        <Field label="Name" hint="Where the key is used." problem={problemOf(create.error, 'name')}>
          {(input) => (
            <input
              {...input}
              name="name"
              className="input"
              autoComplete="off"
              defaultValue={replaces?.name}
            />
          )}
        </Field>
        <Choices
          legend="Scopes"
          name="scopes"
          values={scopeValues}
          chosen={replaces?.scopes.filter((scope) => !lost.includes(scope)) ?? []}
          disabled={lacked}
          hint={hintOf(lacked, lost)}
          problem={problemOf(create.error, 'scopes')}
        />
        <Field
          label="Expires"
          hint={ownExpiry === null ? undefined : 'No later than your current key.'}
          problem={problemOf(create.error, 'expires_at')}
        >
          {(input) => (
            <select
              {...input}
              name="expires_at"
              className="input"
              defaultValue={defaultExpiryOf(replaces, { oldExpiry, ownExpiry })}
            >
              {oldExpiry !== null && (
                <option value={AS_OLD}>Same as the old key, on {dateText(oldExpiry)}</option>
              )}
              <option value="">{ownExpiry === null ? 'Never' : 'With your current key'}</option>
              {DAYS.filter((days) => ownExpiry === null || inDays(days) < ownExpiry).map((days) => (
                <option key={days} value={days}>
                  In {days} days
                </option>
              ))}
            </select>
          )}
        </Field>
      </FormDialog>
      <SecretDialog
        title={`${create.data?.name ?? 'The key'} was created`}
        secret={create.data?.secret ?? null}
        onClose={close}
        actions={
          replaces !== null && (
            <Button variant="danger" isBusy={revoke.isPending} onClick={() => revoke.mutate(replaces)}>
              Revoke the old key
            </Button>
          )
        }
      >
        {replaces === null
          ? 'Send it as “Authorization: Bearer …” with each request.'
          : 'The old key works until you revoke it. Revoke it once your program uses the new one.'}
        {replaces !== null && replaces.id === own?.id && ' This console then uses the new key.'}
      </SecretDialog>
    </>
  );
}

function hintOf(lacked: readonly string[], lost: readonly string[]): string | undefined {
  if (lacked.length === 0) return undefined;
  const rule = 'A key can grant only the scopes that it has.';
  return lost.length === 0
    ? rule
    : `${rule} The new key will not have ${lost.join(', ')}: sign in with a key that does.`;
}

/**
 * Returns the expiry that a replacement can take over from a key; null when it has none, or it has passed or is too
 * late.
 */
function keptExpiryOf(replaces: ApiKey | null, ownExpiry: string | null): string | null {
  const expiry = replaces?.expires_at ?? null;
  if (expiry === null || expiry <= new Date().toISOString()) return null;
  return ownExpiry === null || expiry <= ownExpiry ? expiry : null;
}

/**
 * Returns the default expiry. The replacement of a key that expires also expires, unless the reader chooses otherwise.
 */
function defaultExpiryOf(
  replaces: ApiKey | null,
  { oldExpiry, ownExpiry }: { oldExpiry: string | null; ownExpiry: string | null },
): string {
  if (oldExpiry !== null) return AS_OLD;
  const isReplacingExpired = ownExpiry === null && (replaces?.expires_at ?? null) !== null;
  return isReplacingExpired ? String(DAYS_AFTER_EXPIRED) : '';
}

function expiryOf(
  chosen: string,
  { own, replaces }: { own: ApiKey | undefined; replaces: ApiKey | null },
): string | null {
  if (chosen === AS_OLD) return replaces?.expires_at ?? null;
  return chosen === '' ? (own?.expires_at ?? null) : inDays(Number(chosen));
}

function inDays(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString();
}
