import { channelMarks, type Glyph, isChannelType } from './channels.ts';
import { cx } from './cx.ts';

// Drawn for this product in a 16-unit box, white on the channel's colour.
const glyphs: Record<Glyph, string> = {
  'phone-bubble':
    'M8 3.2a4.7 4.7 0 0 0-4 7.1L3.4 12.6l2.4-.6A4.7 4.7 0 1 0 8 3.2Zm-1.6 2.3c.2 0 .4 0 .5.3l.4.9-.4.7c.4.8 1 1.400 1.800 1.800l.7-.4.9.4c.3.1.3.3.3.5-.1.700-.8 1.100-1.400 1-1.900-.3-3.600-2-3.900-3.800-.1-.700.400-1.400 1.100-1.400Z',
  bolt: 'M8 3.2c-2.8 0-5 2-5 4.600 0 1.400.6 2.600 1.600 3.400v1.700l1.600-.9c.6.2 1.200.3 1.800.3 2.800 0 5-2 5-4.500S10.800 3.200 8 3.200Zm.5 6L7.300 7.900 4.900 9.200l2.600-2.800 1.300 1.300 2.300-1.300-2.600 2.800Z',
  camera:
    'M6 3.300h4A2.700 2.700 0 0 1 12.700 6v4a2.700 2.700 0 0 1-2.700 2.700H6A2.700 2.700 0 0 1 3.300 10V6A2.700 2.700 0 0 1 6 3.300Zm0 1.200A1.500 1.500 0 0 0 4.500 6v4A1.500 1.500 0 0 0 6 11.500h4a1.500 1.500 0 0 0 1.500-1.500V6A1.500 1.500 0 0 0 10 4.500H6Zm2 1.200a2.300 2.300 0 1 1 0 4.600 2.300 2.300 0 0 1 0-4.600Zm0 1.100a1.200 1.200 0 1 0 0 2.400 1.200 1.200 0 0 0 0-2.400Z',
  plane:
    'M12.700 4 11.200 11.700c-.1.500-.4.600-.8.400L8.100 10.400 7 11.500c-.1.100-.2.200-.5.200l.200-2.400 4.300-3.900-5.300 3.300-2.300-.7c-.5-.2-.5-.5.100-.7l8.600-3.400c.4-.1.800.1.600.1Z',
  note: 'M8.700 3.200h1.700c.1 1.300.9 2.200 2.200 2.300v1.700c-.8 0-1.600-.3-2.200-.7v3.400a3.100 3.100 0 1 1-3.600-3v1.800a1.300 1.300 0 1 0 1.900 1.200V3.200Z',
  bag: 'M5.700 5.600V5.200a2.300 2.300 0 0 1 4.600 0v.4h1.600l.600 6.900h-9l.6-6.900h1.600Zm1.100 0h2.400V5.200a1.200 1.200 0 0 0-2.400 0v.4Z',
  in: 'M3.800 6.500h1.700v5.700H3.800V6.500Zm.9-2.800a1 1 0 1 1 0 2 1 1 0 0 1 0-2Zm1.900 2.800h1.600v.8c.3-.5.900-.9 1.700-.9 1.700 0 2.100 1.100 2.100 2.600v3.200h-1.700V9.300c0-.700 0-1.500-.9-1.500s-1.100.7-1.100 1.500v2.900H6.600V6.500Z',
  envelope:
    'M3.200 5.200c0-.6.4-1 1-1h7.600c.6 0 1 .4 1 1v.3L8 8.300 3.200 5.500v-.3Zm0 1.600v4c0 .6.4 1 1 1h7.600c.6 0 1-.4 1-1v-4L8 9.600 3.200 6.800Z',
  lines:
    'M3.500 4.300c0-.5.400-.9.900-.9h7.200c.5 0 .9.400.9.900v5.500c0 .5-.4.9-.9.9H7.200l-2.200 2v-2h-.6a.9.900 0 0 1-.9-.9V4.300Zm1.900 1.400v1h5.200v-1H5.400Zm0 2v1h3.600v-1H5.400Z',
  bubble:
    'M4.800 3.600h6.400c.9 0 1.600.7 1.600 1.600v3.600c0 .9-.7 1.600-1.600 1.600H7.800l-2.500 2v-2h-.5c-.9 0-1.600-.7-1.600-1.600V5.200c0-.9.700-1.600 1.600-1.600Z',
};

/** The channel's mark. `ring` separates it from the avatar below it. */
export function ChannelBadge({ type, size = 16, ring = true }: { type: string; size?: 14 | 16 | 20; ring?: boolean }) {
  const mark = isChannelType(type) ? channelMarks[type] : { color: 'var(--channel-email)', glyph: 'bubble' as const };
  return (
    <span
      className={cx('inline-flex rounded-full', ring && 'bg-(--badge-ring,var(--surface)) p-px')}
      data-channel={type}
      aria-hidden="true"
    >
      <svg
        viewBox="0 0 16 16"
        width={size - (ring ? 2 : 0)}
        height={size - (ring ? 2 : 0)}
        className="rounded-full"
        aria-hidden="true"
      >
        <rect width="16" height="16" rx="8" fill={mark.color} />
        <path d={glyphs[mark.glyph]} fill="#fff" fillRule="evenodd" />
      </svg>
    </span>
  );
}
