import { GreenroomError } from '@greenroom/client';
import { useId, type ReactNode } from 'react';

/** The attributes that connect an input with its label, hint and problem. */
export interface FieldInput {
  id: string;
  'aria-invalid': boolean;
  'aria-describedby': string;
}

/** An input with its label, a hint, and the problem with its value. */
export function Field({
  label,
  hint,
  problem,
  children,
}: {
  label: string;
  hint?: ReactNode;
  problem?: string | undefined;
  children: (input: FieldInput) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-invalid': problem !== undefined,
        'aria-describedby': `${id}-hint ${id}-problem`,
      })}
      <span id={`${id}-hint`} className="hint">
        {hint}
      </span>
      <span id={`${id}-problem`} className="problem small" role="alert">
        {problem}
      </span>
    </div>
  );
}

/** Returns the message of an API error about a field; undefined when it is about something else. */
export function problemOf(error: Error | null, field: string): string | undefined {
  if (!(error instanceof GreenroomError) || error.param === null) return undefined;
  return error.param.split(/[.[/]/, 1)[0] === field ? error.message : undefined;
}

/** Returns the message of an error that is about none of the form's fields; undefined when it is about one. */
export function otherProblem(error: Error | null, fields: readonly string[]): string | undefined {
  if (error === null || fields.some((field) => problemOf(error, field) !== undefined)) return undefined;
  return error.message;
}
