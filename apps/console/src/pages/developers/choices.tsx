import type { ReactNode } from 'react';

/** Checkboxes of one name. Unavailable ones are shown as disabled, so that the reader knows that they exist. */
export function Choices({
  legend,
  name,
  values,
  chosen,
  disabled = [],
  hint,
  problem,
}: {
  legend: string;
  name: string;
  values: readonly string[];
  chosen: readonly string[];
  disabled?: readonly string[];
  hint?: ReactNode;
  problem: string | undefined;
}) {
  return (
    <fieldset className="choices">
      <legend>{legend}</legend>
      {values.map((value) => (
        <label key={value} className="check">
          <input
            type="checkbox"
            name={name}
            value={value}
            defaultChecked={chosen.includes(value)}
            disabled={disabled.includes(value)}
          />
          <code>{value}</code>
        </label>
      ))}
      {hint !== undefined && <span className="hint">{hint}</span>}
      <span className="problem small" role="alert">
        {problem}
      </span>
    </fieldset>
  );
}

/** Returns the text of a field; empty when the form has none. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

/** Returns the checked values of a group of checkboxes. Ignores unknown ones. */
export function chosenOf<Value extends string>(
  form: FormData,
  name: string,
  values: readonly Value[],
): Value[] {
  const chosen = form.getAll(name);
  return values.filter((value) => chosen.includes(value));
}
