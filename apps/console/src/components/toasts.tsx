import { Toast } from '@base-ui/react/toast';
import type { ReactNode } from 'react';

import { Icon } from './icon.tsx';

/** Shows short messages about completed actions and announces them to screen readers. */
export function Toasts({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="toasts">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

/** Returns a function that shows a message. An error stays until it is closed. */
export function useToast(): (message: string, options?: { isError?: boolean }) => void {
  const { add } = Toast.useToastManager();
  return (message, { isError = false } = {}) => {
    add(
      isError
        ? { title: message, type: 'error', priority: 'high', timeout: 0 }
        : { title: message, type: 'done', priority: 'low' },
    );
  };
}

function ToastList() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="toast" data-kind={toast.type}>
      <Toast.Title className="toast-title" />
      <Toast.Close className="icon-button" aria-label="Close">
        <Icon name="close" />
      </Toast.Close>
    </Toast.Root>
  ));
}
