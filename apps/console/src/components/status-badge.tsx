/** The status of a session, an avatar or an endpoint. A newer server may send one that has no colour here. */
export function StatusBadge({ status }: { status: string }) {
  return (
    <span className="status" data-status={status}>
      <span className="dot" aria-hidden="true" />
      {status}
    </span>
  );
}
