import { CopyButton } from './copy-button.tsx';

/** The id of an object, in full for the clipboard and as far as there is space for the eye. */
export function Id({ id }: { id: string }) {
  return (
    <span className="id">
      <code title={id}>{id}</code>
      <CopyButton text={id} label={`Copy ${id}`} />
    </span>
  );
}
