/** Streets, a river and a pin: a map for the eye, which asks no map server where the customer is. */
export function MapDrawing() {
  return (
    <svg viewBox="0 0 240 112" preserveAspectRatio="xMidYMid slice" aria-hidden="true" className="block h-28 w-full">
      <rect width="240" height="112" fill="oklch(0.94 0.012 110)" />
      <path d="M-6 84c40-22 62 8 104-10s70-44 148-30V-6H-6z" fill="oklch(0.92 0.03 140)" />
      <path d="M-6 96c44-26 72 4 112-12s84-42 140-24" fill="none" stroke="oklch(0.84 0.05 235)" strokeWidth="15" />
      <g fill="none" stroke="oklch(1 0 0)" strokeWidth="5">
        <path d="M30-6l26 124M96-6l20 124M168-6l-12 124M216-6l-4 124M-6 26l252-14M-6 56l252-20" />
      </g>
      <path d="M-6 40l252-16" fill="none" stroke="oklch(0.9 0.09 90)" strokeWidth="7" />
      <g transform="translate(120 58)">
        <ellipse cy="3" rx="9" ry="3" fill="oklch(0.3 0.02 277 / 0.25)" />
        <path d="M0 2c-9-11-13-16-13-23a13 13 0 0 1 26 0c0 7-4 12-13 23z" fill="oklch(0.58 0.2 25)" />
        <circle cy="-21" r="5" fill="oklch(1 0 0)" />
      </g>
    </svg>
  );
}
