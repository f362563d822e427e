import type { BadgeTone } from '#design/Badge.tsx';

/** Names of colours that the workspace has chosen, in the few meanings the interface has. */
const tones: Record<string, BadgeTone> = {
  green: 'success',
  emerald: 'success',
  yellow: 'warning',
  amber: 'warning',
  orange: 'warning',
  red: 'danger',
  rose: 'danger',
  blue: 'info',
  sky: 'info',
  violet: 'accent',
  purple: 'accent',
  indigo: 'accent',
};

export const colorTone = (color: string | null | undefined): BadgeTone => tones[color ?? ''] ?? 'neutral';
