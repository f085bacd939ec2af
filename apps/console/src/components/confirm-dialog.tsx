import { AlertDialog } from '@base-ui/react/alert-dialog';
import type { ReactNode } from 'react';

import { Button } from './button.tsx';

export interface ConfirmDialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  /** Describes the effect and whether it can be undone. */
  children: ReactNode;
  action: string;
  variant?: 'danger' | 'primary';
  isBusy: boolean;
  problem: string | undefined;
  onConfirm: () => void;
}

/** Asks before an action that cannot be undone. Stays open during the action, to show its result. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { isOpen, onClose, title, children, action, variant = 'danger', isBusy, problem, onConfirm } = props;
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={(isStillOpen) => isStillOpen || isBusy || onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title className="dialog-title">{title}</AlertDialog.Title>
          <AlertDialog.Description render={<div />} className="muted">
            {children}
          </AlertDialog.Description>
          <p className="problem" role="alert">
            {problem}
          </p>
          <div className="dialog-actions">
            <AlertDialog.Close render={<Button disabled={isBusy} />}>Cancel</AlertDialog.Close>
            <Button variant={variant} isBusy={isBusy} onClick={onConfirm}>
              {action}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
