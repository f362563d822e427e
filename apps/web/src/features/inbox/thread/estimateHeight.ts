import type { TimelineItem } from './timeline.ts';

const CHARACTERS_PER_LINE = 62;

/** Pixels a line of the thread will roughly take, before it has been measured: the closer, the steadier the scroll bar. */
export function estimateHeight(item: TimelineItem | undefined): number {
  if (item === undefined) return 48;
  switch (item.kind) {
    case 'day':
      return 42;
    case 'new':
      return 32;
    case 'note':
      return 64 + lines(item.note.content) * 20;
    case 'message': {
      const { message, position } = item;
      const time = position === 'last' || position === 'only' || message.direction === 'OUTBOUND' ? 18 : 0;
      const gap = position === 'first' || position === 'only' ? 8 : 2;
      const files = message.attachments.reduce(
        (sum, file) => sum + (file.kind === 'image' || file.kind === 'video' ? 220 : 56),
        0,
      );
      return 12 + gap + time + files + (message.content === null ? 0 : lines(message.content) * 20);
    }
  }
}

const lines = (text: string): number =>
  text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / CHARACTERS_PER_LINE)), 0);
