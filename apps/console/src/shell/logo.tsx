/** The mark and the name of the product. */
export function Logo() {
  return (
    <span className="logo">
      <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="var(--accent)" />
        <path
          d="M10 22v-8a6 6 0 0 1 12 0v8"
          fill="none"
          stroke="var(--on-accent)"
          strokeWidth="3"
          strokeLinecap="round"
        />
        <circle cx="16" cy="20" r="2.4" fill="var(--on-accent)" />
      </svg>
      Greenroom
    </span>
  );
}
