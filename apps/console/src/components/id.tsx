import { CopyButton } from './copy-button.tsx';

/** The id of an object, shortened to the available space but copied in full. */
export function Id({ id }: { id: string }) {
  return (
    <span className="id">
      <code title={id}>{id}</code>
      <CopyButton text={id} label={`Copy ${id}`} />
    </span>
  );
}
