/** The product's mark. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path
        d="M8 12.5A4.5 4.5 0 0 1 12.500 8h7a4.5 4.5 0 0 1 4.500 4.500v3a4.500 4.500 0 0 1-4.500 4.500H14l-4 4v-4.600a4.500 4.500 0 0 1-2-3.900Z"
        fill="var(--on-accent)"
      />
      <path d="M12.500 14.200h7" stroke="var(--accent)" strokeWidth="2" strokeLinecap="round" />
    </svg>
  );
}
