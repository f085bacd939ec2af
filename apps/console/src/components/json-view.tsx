import { CopyButton } from './copy-button.tsx';

/** A value as JSON, to read and to copy. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  const text = JSON.stringify(value, null, 2);
  return (
    <figure className="json">
      <figcaption>
        {label}
        <CopyButton text={text} label={`Copy ${label}`} />
      </figcaption>
      {/* A scrollable region must be reachable by keyboard. */}
      <pre tabIndex={0} role="region" aria-label={label}>
        <code>{text}</code>
      </pre>
    </figure>
  );
}
