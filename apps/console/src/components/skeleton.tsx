/** A placeholder for text that is loading. `width` in characters, `height` in pixels. */
export function Skeleton({ width = 12, height = 20 }: { width?: number; height?: number }) {
  return <span className="skeleton" style={{ width: `${width}ch`, height }} aria-hidden="true" />;
}

/** A placeholder for the rows of a table. `height` is that of one row, in pixels. */
export function SkeletonRows({ rows = 8, height = 45 }: { rows?: number; height?: number }) {
  return (
    <div className="skeleton-rows" aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="skeleton-row" style={{ height }}>
          <Skeleton width={8 + ((row * 5) % 7)} />
          <Skeleton width={16} />
        </div>
      ))}
    </div>
  );
}
