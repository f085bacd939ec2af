import { GreenroomError } from '@greenroom/client';
import { useId, type ReactNode } from 'react';

/** What the input of a field needs to be connected with its label, hint and problem. */
export interface FieldInput {
  id: string;
  'aria-invalid': boolean;
  'aria-describedby': string;
}

/** An input with its label, a hint, and what is wrong with its value. */
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

/** Returns what an error of the API says about a field; undefined when it is about something else. */
export function problemOf(error: Error | null, field: string): string | undefined {
  if (!(error instanceof GreenroomError) || error.param === null) return undefined;
  return error.param.split(/[.[/]/, 1)[0] === field ? error.message : undefined;
}

/** Returns what an error says that is about none of the fields of a form; undefined when it is about one. */
export function otherProblem(error: Error | null, fields: readonly string[]): string | undefined {
  if (error === null || fields.some((field) => problemOf(error, field) !== undefined)) return undefined;
  return error.message;
}
