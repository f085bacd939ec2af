import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { patchSession } from '../../api/live.tsx';
import type { Session } from '../../api/queries.ts';
import { useGreenroom } from '../../api/sign-in.ts';
import { Button } from '../../components/button.tsx';
import { ScopedButton } from '../../components/scoped-button.tsx';
import { useToast } from '../../components/toasts.tsx';

/** Ends a live session, after a confirmation. Shows the new status before the server responds. */
export function EndSession({ session }: { session: Session }) {
  const greenroom = useGreenroom();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [isOpen, setOpen] = useState(false);
  const isPerformed = session.status === 'starting' || session.status === 'running';
  const end = useMutation({
    mutationFn: () => greenroom.sessions.end(session.id),
    onMutate: async () => {
      // A response in flight would show the old status again.
      await queryClient.cancelQueries({ queryKey: ['sessions'] });
      const expected: Session = { ...session, status: isPerformed ? 'ending' : 'canceled' };
      patchSession(queryClient, expected);
      return { before: session, expected };
    },
    onSuccess: (ended) => patchSession(queryClient, ended),
    onError: (error, _, shown) => {
      // An event may have changed the status in the meantime. Compare statuses, because the cache copies objects.
      if (shown !== undefined) {
        patchSession(queryClient, shown.before, ({ status }) => status === shown.expected.status);
      }
      toast(`The session was not ended. ${error.message}`, { isError: true });
    },
    onSettled: async () => queryClient.invalidateQueries({ queryKey: ['sessions'] }),
  });
  const confirm = () => {
    setOpen(false);
    end.mutate();
  };
  if (session.status === 'ending') return null;
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={setOpen}>
      <AlertDialog.Trigger render={<ScopedButton variant="danger" scope="sessions:write" />}>
        End session
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title className="dialog-title">End this session?</AlertDialog.Title>
          <AlertDialog.Description className="muted">
            {isPerformed
              ? 'The avatar finishes its current speech and leaves the room. This cannot be undone.'
              : 'No worker has claimed it yet, so it is canceled and nothing is billed. This cannot be undone.'}
          </AlertDialog.Description>
          <div className="dialog-actions">
            <AlertDialog.Close render={<Button />}>Keep it</AlertDialog.Close>
            <Button variant="danger" onClick={confirm}>
              End it
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
