import { useMutation, useQueryClient } from '@tanstack/react-query';

import { modeOf, problemOfKey, putKey, type Mode } from '../api/sign-in.ts';
import { Field } from '../components/field.tsx';
import { FormDialog } from '../components/form-dialog.tsx';

/** Asks for a key of the mode for which this tab has none, and shows that mode. */
export function AddKey({ mode, isOpen, onClose }: { mode: Mode; isOpen: boolean; onClose: () => void }) {
  const queryClient = useQueryClient();
  const add = useMutation({
    mutationFn: async (form: FormData) => {
      const value = form.get('key');
      const key = typeof value === 'string' ? value.trim() : '';
      if (modeOf(key) !== mode) throw new Error(`A ${mode} key begins with sk_${mode}_.`);
      const problem = await problemOfKey(key);
      if (problem !== null) throw new Error(problem);
      return key;
    },
    onSuccess: (key) => {
      close();
      putKey(key);
      queryClient.clear();
    },
  });
  const close = () => {
    add.reset();
    onClose();
  };
  return (
    <FormDialog
      isOpen={isOpen}
      onClose={close}
      title={`Add a ${mode} key`}
      lead={`The console then also shows ${mode} sessions. Switch modes in the settings menu.`}
      action="Add key"
      isBusy={add.isPending}
      problem={undefined}
      onSubmit={add.mutate}
    >
      <Field
        label="API key"
        hint="It is stored in the same way as your current key."
        problem={add.error?.message}
      >
        {(input) => (
          <input
            {...input}
            className="input mono"
            name="key"
            type="password"
            autoComplete="off"
            spellCheck={false}
            placeholder={`sk_${mode}_…`}
          />
        )}
      </Field>
    </FormDialog>
  );
}
