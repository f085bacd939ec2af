import type { ButtonHTMLAttributes } from 'react';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'style'> {
  variant?: 'primary' | 'plain' | 'danger';
  /** Shows that the work is in progress. Further clicks do nothing. */
  isBusy?: boolean;
}

/** A button that starts something. */
export function Button({ variant = 'plain', isBusy = false, type = 'button', ...props }: ButtonProps) {
  return (
    <button
      {...props}
      type={type}
      className={`button ${variant}`}
      disabled={isBusy || props.disabled}
      aria-busy={isBusy}
    />
  );
}
