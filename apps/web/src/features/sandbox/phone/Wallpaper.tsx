import { useId } from 'react';

/** Small drawings behind the messages, as chats have them. */
export function Wallpaper() {
  const id = useId();
  return (
    <svg aria-hidden="true" className="pointer-events-none absolute inset-0 size-full">
      <defs>
        <pattern
          id={id}
          width="152"
          height="152"
          patternUnits="userSpaceOnUse"
          patternTransform="scale(0.86) rotate(-9)"
        >
          <g fill="none" stroke="var(--phone-doodle)" strokeWidth="1.75" strokeLinecap="round" strokeLinejoin="round">
            <path d="M16 34h20l-5-16H21zM26 34v14M20 48h12" />
            <path d="M84 22c6-8 18-4 18 5 0 8-12 15-18 19-6-4-18-11-18-19 0-9 12-13 18-5z" />
            <path d="M122 16h18v18h-18zM131 16v18M122 25h18" />
            <path d="M18 84a12 12 0 1 0 24 0 12 12 0 1 0-24 0M30 77v7l5 4" />
            <path d="M74 76c0-6 20-6 20 0v18H74zM70 84v10M98 84v10M78 94v6M90 94v6" />
            <path d="M122 78l4 8 9 1-7 6 2 9-8-5-8 5 2-9-7-6 9-1z" />
            <path d="M16 128h24v14H16zM40 132h5v6h-5M22 122v-3M29 122v-5M36 122v-3" />
            <path d="M70 132c6-10 12 8 18-2s12 8 16-1" />
            <path d="M124 124l16 6-7 3-3 8z" />
          </g>
        </pattern>
      </defs>
      <rect width="100%" height="100%" fill={`url(#${id})`} />
    </svg>
  );
}
