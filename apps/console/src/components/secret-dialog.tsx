import { AlertDialog } from '@base-ui/react/alert-dialog';
import type { ReactNode } from 'react';

import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';

/** Shows a secret that the server returns only once. Neither a click next to it nor Escape closes it. */
export function SecretDialog({
  title,
  secret,
  onClose,
  children,
  actions,
}: {
  title: string;
  /** Null closes the dialog. */
  secret: string | null;
  onClose: () => void;
  /** Explains the purpose of the secret. */
  children: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <AlertDialog.Root
      open={secret !== null}
      onOpenChange={(isStillOpen, { reason }) => isStillOpen || reason === 'escape-key' || onClose()}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title className="dialog-title">{title}</AlertDialog.Title>
          <p className="notice">Copy it now. It is shown only once.</p>
          <div className="secret">
            <code>{secret}</code>
            <CopyButton text={secret ?? ''} label="Copy the secret" />
          </div>
          <AlertDialog.Description render={<div />} className="muted small">
            {children}
          </AlertDialog.Description>
          <div className="dialog-actions">
            {actions}
            <AlertDialog.Close render={<Button variant="primary" />}>I have stored it</AlertDialog.Close>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
