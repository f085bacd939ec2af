import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { useLacks } from '../../api/own-key.ts';
import type { Avatar } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { Button } from '../../components/button.tsx';
import { scopeNoteId } from '../../components/scoped-button.tsx';
import { useToast } from '../../components/toasts.tsx';

/** Deletes an avatar of the organisation, after a confirmation. */
export function DeleteAvatar({ avatar: { id, name } }: { avatar: Avatar }) {
  const greenroom = useGreenroom();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [isOpen, setOpen] = useState(false);
  const isLacking = useLacks('avatars:write');
  const remove = useMutation({
    mutationFn: async () => greenroom.avatars.delete(id),
    onSuccess: async () => {
      toast(`${name} was deleted.`);
      await queryClient.invalidateQueries({ queryKey: ['avatars', 'list'] });
    },
    onError: (error) => toast(`${name} was not deleted. ${error.message}`, { isError: true }),
  });
  const confirm = () => {
    setOpen(false);
    remove.mutate();
  };
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={setOpen}>
      <AlertDialog.Trigger
        className="delete"
        aria-label={`Delete ${name}`}
        aria-describedby={isLacking ? scopeNoteId('avatars:write') : undefined}
        disabled={remove.isPending || isLacking}
      >
        {remove.isPending ? 'Deleting…' : 'Delete'}
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title className="dialog-title">Delete {name}?</AlertDialog.Title>
          <AlertDialog.Description className="muted">
            New sessions can no longer use it; live sessions keep it until they end. Its image is erased. This
            cannot be undone.
          </AlertDialog.Description>
          <div className="dialog-actions">
            <AlertDialog.Close render={<Button />}>Keep it</AlertDialog.Close>
            <Button variant="danger" onClick={confirm}>
              Delete it
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
