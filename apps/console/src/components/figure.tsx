export interface FigureProps {
  name: string;
  value: string;
  hint?: string;
  /** The used part of a limit, from 0 to 1. Shown as a bar; the hint says it in words. */
  share?: number;
}

/** A number with its name and a hint, such as its limit. */
export function Figure({ name, value, hint, share }: FigureProps) {
  return (
    <div className="figure">
      <span className="figure-name">{name}</span>
      <span className="figure-value">{value}</span>
      {hint !== undefined && <span className="figure-hint">{hint}</span>}
      {share !== undefined && (
        <span className="figure-bar" aria-hidden="true">
          <span style={{ width: `${Math.min(Math.max(share, 0), 1) * 100}%` }} data-full={share >= 0.9} />
        </span>
      )}
    </div>
  );
}
