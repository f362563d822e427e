import { useMemo } from 'react';
import { memberName } from '#app/session/me.ts';
import { useMembers } from '#app/session/useMembers.ts';

/** A note's words with the colleagues it calls on marked. */
export function MentionText({ text }: { text: string }) {
  const { members } = useMembers();
  const parts = useMemo(() => {
    const names = members.map((member) => memberName(member)).filter((name) => name !== '');
    return cutMentions(text, names);
  }, [text, members]);
  return parts.map((part, index) =>
    part.mention ? (
      <span
        key={`${String(index)}${part.text}`}
        className="rounded-badge bg-accent-soft px-0.5 font-medium text-accent-ink"
      >
        {part.text}
      </span>
    ) : (
      part.text
    ),
  );
}

/** Longest names first, so that "@Sara Nabil" is not read as "@Sara". */
export function cutMentions(text: string, names: readonly string[]): { text: string; mention: boolean }[] {
  const escaped = [...names]
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (escaped.length === 0) return [{ text, mention: false }];
  return text
    .split(new RegExp(`(@(?:${escaped.join('|')}))`, 'u'))
    .filter((part) => part !== '')
    .map((part) => ({ text: part, mention: part.startsWith('@') && names.includes(part.slice(1)) }));
}
