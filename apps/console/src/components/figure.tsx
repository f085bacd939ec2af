/** One number with its name, and what it is compared with. */
export function Figure({ name, value, hint }: { name: string; value: string; hint?: string }) {
  return (
    <div className="figure">
      <span className="figure-name">{name}</span>
      <span className="figure-value">{value}</span>
      {hint !== undefined && <span className="figure-hint">{hint}</span>}
    </div>
  );
}
