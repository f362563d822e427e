import { AtSign, Braces, Zap } from 'lucide-react';
import { type KeyboardEvent, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { memberName } from '#app/session/me.ts';
import { useMe } from '#app/session/sessionContext.ts';
import { useMembers } from '#app/session/useMembers.ts';
import { Avatar } from '#design/Avatar.tsx';
import { cx } from '#design/cx.ts';
import { foldText } from '#design/foldText.ts';
import type { Trigger } from './trigger.ts';
import { useQuickReplies } from './useQuickReplies.ts';
import type { VariableValues } from './variables.ts';

export interface Suggestion {
  id: string;
  label: string;
  detail: string;
  /** What takes the place of the trigger in the text. */
  insert: string;
  avatar?: { id: string; src: string | null };
}

const MOST = 8;

/** Saved replies after `/`, variables after `{{`, colleagues after `@`, filtered by what follows. */
export function useSuggestions(trigger: Trigger | null, values: VariableValues) {
  const { t } = useTranslation();
  const { data: replies } = useQuickReplies();
  const { members } = useMembers();
  const me = useMe();
  const [active, setActive] = useState(0);
  const kind = trigger?.kind;
  const query = trigger?.query ?? '';

  const shown = useMemo((): Suggestion[] => {
    if (kind === undefined) return [];
    const all: Suggestion[] =
      kind === 'reply'
        ? (replies ?? []).map((reply) => ({
            id: reply.id,
            label: reply.shortcut === null ? reply.name : `/${reply.shortcut}`,
            detail: reply.shortcut === null ? reply.content : `${reply.name}: ${reply.content}`,
            insert: reply.content,
          }))
        : kind === 'variable'
          ? Object.entries(values).map(([name, value]) => ({
              id: name,
              label: `{{${name}}}`,
              detail: value === '' ? t('inbox.composer.emptyVariable') : value,
              insert: `{{${name}}}`,
            }))
          : members
              .filter((member) => member.id !== me.id)
              .map((member) => ({
                id: member.id,
                label: memberName(member),
                detail: member.email ?? '',
                insert: `@${memberName(member)} `,
                avatar: { id: member.id, src: member.avatar_url },
              }));
    const wanted = foldText(query);
    return all.filter((one) => wanted === '' || foldText(`${one.label} ${one.detail}`).includes(wanted)).slice(0, MOST);
  }, [kind, query, replies, values, members, me.id, t]);

  useEffect(() => {
    // Another question starts from the first answer.
    if (query.length >= 0 && kind !== undefined) setActive(0);
  }, [kind, query]);

  const onKey = (event: KeyboardEvent, choose: (suggestion: Suggestion) => void): boolean => {
    // With a modifier, Enter sends whatever is suggested.
    if (shown.length === 0 || event.metaKey || event.ctrlKey) return false;
    const current = Math.min(active, shown.length - 1);
    if (event.key === 'ArrowDown') setActive((current + 1) % shown.length);
    else if (event.key === 'ArrowUp') setActive((current - 1 + shown.length) % shown.length);
    else if (event.key === 'Enter' || event.key === 'Tab') {
      const chosen = shown[current];
      if (chosen === undefined) return false;
      choose(chosen);
    } else return false;
    event.preventDefault();
    return true;
  };
  return { shown, active: Math.min(active, Math.max(0, shown.length - 1)), setActive, onKey };
}

export function SuggestionList(props: {
  suggestions: ReturnType<typeof useSuggestions>;
  kind: Trigger['kind'];
  onChoose: (suggestion: Suggestion) => void;
}) {
  const { suggestions, kind, onChoose } = props;
  const { t } = useTranslation();
  const titles = {
    reply: t('inbox.composer.savedReplies'),
    variable: t('inbox.composer.variables'),
    mention: t('inbox.composer.mention'),
  };
  const icons = { reply: <Zap />, variable: <Braces />, mention: <AtSign /> };
  return (
    <div className="absolute inset-x-1 bottom-full z-20 mb-1 overflow-hidden rounded-panel bg-raised shadow-menu animate-pop">
      <p className="flex items-center gap-1.5 px-3 pt-2 pb-1 text-12 font-medium text-ink-3 icon-14">
        {icons[kind]}
        {titles[kind]}
      </p>
      <div role="listbox" aria-label={titles[kind]} className="max-h-72 overflow-y-auto p-1 pt-0">
        {suggestions.shown.map((suggestion, index) => (
          <div
            key={suggestion.id}
            role="option"
            tabIndex={-1}
            aria-selected={index === suggestions.active}
            onPointerMove={() => suggestions.setActive(index)}
            // Before the field loses the focus.
            onPointerDown={(event) => {
              event.preventDefault();
              onChoose(suggestion);
            }}
            className={cx(
              'flex min-h-8 items-center gap-2 rounded-control px-2 text-13',
              index === suggestions.active && 'bg-hover',
            )}
          >
            {suggestion.avatar === undefined ? null : (
              <Avatar id={suggestion.avatar.id} name={suggestion.label} src={suggestion.avatar.src} size={20} />
            )}
            <bdi className="line-1 max-w-[40%] shrink-0 font-medium">{suggestion.label}</bdi>
            <span dir="auto" className="line-1 flex-1 text-ink-3 page-side">
              {suggestion.detail}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}
