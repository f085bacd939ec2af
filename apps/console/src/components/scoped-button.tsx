import type { Scope } from '@greenroom/contract';
import type { ReactNode } from 'react';

import { useLacks } from '../api/own-key.ts';
import { Button, type ButtonProps } from './button.tsx';

/** A button that is disabled when the key in use lacks a scope. A `ScopeNote` on the same page says so. */
export function ScopedButton({ scope, ...props }: ButtonProps & { scope: Scope }) {
  const isLacking = useLacks(scope);
  return (
    <Button
      {...props}
      disabled={isLacking || props.disabled}
      aria-describedby={isLacking ? scopeNoteId(scope) : undefined}
    />
  );
}

/**
 * Says which scope the key in use lacks and what needs it; renders nothing when the key has it. Use one per scope and
 * page.
 */
export function ScopeNote({ scope, children }: { scope: Scope; children: ReactNode }) {
  if (!useLacks(scope)) return null;
  return (
    <p id={scopeNoteId(scope)} className="scope-note muted small">
      Your key lacks <code>{scope}</code>, which you need for {children}.
    </p>
  );
}

/** Returns the id of the note about a scope, for controls that it disables. */
export function scopeNoteId(scope: Scope): string {
  return `lacks-${scope.replace(':', '-')}`;
}
