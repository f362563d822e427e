import { memo, use } from 'react';
import { cx } from '#design/cx.ts';
import { cutMatches } from '../findMessages.ts';
import { FindWords } from '../findWords.ts';
import { isOnlyEmoji, type TextPart, textParts } from '../richText.ts';

/** A message's words: its own direction, its line breaks, links and the marks of its channel. */
export const RichText = memo(function RichText({
  text,
  formatting,
  className,
}: {
  text: string;
  formatting: boolean;
  className?: string;
}) {
  const large = isOnlyEmoji(text);
  return (
    <div
      dir="auto"
      className={cx(
        'break-words whitespace-pre-wrap [overflow-wrap:anywhere]',
        large ? 'text-24' : 'text-14',
        className,
      )}
    >
      {textParts(text, formatting).map((part, index) => (
        <Part key={String(index)} part={part} />
      ))}
    </div>
  );
});

function Part({ part }: { part: TextPart }) {
  switch (part.kind) {
    case 'text':
      return <FoundText text={part.text} />;
    case 'link':
      return (
        <a
          href={part.href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="text-accent-ink underline underline-offset-2"
          dir="ltr"
        >
          {part.text}
        </a>
      );
    case 'bold':
      return <strong className="font-strong">{part.text}</strong>;
    case 'italic':
      return <em>{part.text}</em>;
    case 'strike':
      return <s>{part.text}</s>;
    case 'code':
      return <code className="rounded-badge bg-pressed/60 px-1 font-mono text-13">{part.text}</code>;
  }
}

/** Plain words, with what is being searched for marked. */
function FoundText({ text }: { text: string }) {
  const words = use(FindWords);
  if (words === '') return text;
  return cutMatches(text, words).map((part, index) =>
    part.matched ? (
      <mark key={`${String(index)}${part.text}`} className="rounded-badge bg-mark text-ink">
        {part.text}
      </mark>
    ) : (
      part.text
    ),
  );
}
