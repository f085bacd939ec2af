import { useId, useState } from 'react';

/** Earlier years occur only while a date is being typed. */
const FIRST_DAY = '1970-01-01';
/** Years have four digits. */
const LAST_DAY = '9999-12-31';

/** Takes a day such as `2026-11-27`, or none when empty. Changes only when a whole date is entered. */
export function DayField({
  name,
  value,
  onChange,
}: {
  name: string;
  value: string;
  onChange: (day: string) => void;
}) {
  const id = useId();
  const [text, setText] = useState(value);
  const [shown, setShown] = useState(value);
  if (shown !== value) {
    setShown(value);
    setText(value);
  }
  const change = (input: HTMLInputElement) => {
    setText(input.value);
    const isCleared = input.value === '' && !input.validity.badInput;
    if (isCleared || input.value >= FIRST_DAY) onChange(input.value);
  };
  return (
    <span className="day">
      <label htmlFor={id} className="muted">
        {name}
      </label>
      <input
        id={id}
        type="date"
        className="input"
        max={LAST_DAY}
        value={text}
        onChange={(event) => change(event.currentTarget)}
      />
    </span>
  );
}
