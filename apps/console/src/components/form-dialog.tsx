import { Dialog } from '@base-ui/react/dialog';
import type { ReactNode, SyntheticEvent } from 'react';

import { Button } from './button.tsx';

export interface FormDialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  lead?: ReactNode;
  /** The label of the submit button. */
  action: string;
  isBusy: boolean;
  /** The problem that belongs to no field. */
  problem: string | undefined;
  onSubmit: (form: FormData) => void;
  children?: ReactNode;
}

/** A dialog with a form. Stays open while the form is sent, to show the result. */
export function FormDialog(props: FormDialogProps) {
  const { isOpen, onClose, title, lead, action, isBusy, problem, onSubmit, children } = props;
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  };
  return (
    <Dialog.Root open={isOpen} onOpenChange={(isStillOpen) => isStillOpen || isBusy || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog form-dialog">
          <Dialog.Title className="dialog-title">{title}</Dialog.Title>
          {lead !== undefined && <Dialog.Description className="muted">{lead}</Dialog.Description>}
          <form className="form" onSubmit={submit} noValidate>
            {children}
            <p className="problem" role="alert">
              {problem}
            </p>
            <div className="dialog-actions">
              <Dialog.Close render={<Button disabled={isBusy} />}>Cancel</Dialog.Close>
              <Button type="submit" variant="primary" isBusy={isBusy}>
                {action}
              </Button>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
