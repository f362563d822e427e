import { useTranslation } from 'react-i18next';
import { cx } from '#design/cx.ts';
import type { ConversationItem } from '../model/conversation.ts';
import { kindIcon, kindLabel } from '../model/messageKinds.tsx';
import { StatusTick } from '../thread/StatusTick.tsx';
import { snippetParts } from './searchConversations.ts';

/** The last word of a conversation in one line: a draft of one's own, the match of a search, or the last message. */
export function RowPreview(props: {
  item: ConversationItem;
  draft: string | undefined;
  snippet: string | null;
  unread: boolean;
}) {
  const { item, draft, snippet, unread } = props;
  const { t } = useTranslation();
  const textClass = cx('line-1 text-13', unread ? 'text-ink' : 'text-ink-2');

  if (snippet !== null) {
    return (
      <span className={textClass} dir="auto">
        {snippetParts(snippet).map((part, index) =>
          part.matched ? (
            <mark key={`${String(index)}${part.text}`} className="rounded-badge bg-mark text-ink">
              {part.text}
            </mark>
          ) : (
            part.text
          ),
        )}
      </span>
    );
  }
  if (draft !== undefined && draft.trim() !== '') {
    return (
      <span className={textClass}>
        <span className="text-danger-ink">{t('inbox.draftPrefix')}</span> <bdi>{draft}</bdi>
      </span>
    );
  }
  if (item.last_message_at === null)
    return <span className="line-1 text-13 text-ink-3">{t('inbox.noMessagesYet')}</span>;

  const ours = item.last_message_direction === 'OUTBOUND';
  const type = item.last_message_type ?? 'text';
  const icon = kindIcon(type);
  const words = item.last_message_preview ?? kindLabel(type, t);
  return (
    <span className={cx(textClass, 'flex items-center gap-1')}>
      {ours && item.last_message_status !== null ? <StatusTick status={item.last_message_status} quiet /> : null}
      {icon === null ? null : <span className="inline-flex shrink-0 text-ink-3 icon-14">{icon}</span>}
      <span className="line-1" dir="auto">
        {words}
      </span>
    </span>
  );
}
