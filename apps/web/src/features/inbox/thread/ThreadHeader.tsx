import {
  AlarmClock,
  AlarmClockOff,
  ArrowLeft,
  Check,
  CheckCheck,
  ChevronDown,
  CircleDashed,
  MailMinus,
  MoreHorizontal,
  PanelRight,
  RotateCcw,
  Star,
  Tag,
  TextSearch,
  UserRound,
} from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '#app/clock/useNow.ts';
import { useKeys } from '#app/commands/useCommands.ts';
import { memberName } from '#app/session/me.ts';
import { Avatar } from '#design/Avatar.tsx';
import { Badge } from '#design/Badge.tsx';
import { Button } from '#design/Button.tsx';
import { ChannelBadge } from '#design/ChannelBadge.tsx';
import { cx } from '#design/cx.ts';
import { IconButton } from '#design/IconButton.tsx';
import { Menu, MenuItem, MenuSeparator } from '#design/Menu.tsx';
import { Popover } from '#design/Popover.tsx';
import { Tooltip } from '#design/Tooltip.tsx';
import { useFormat } from '#i18n/useFormat.ts';
import { AssignPicker, SnoozePicker, TagPicker } from '../actions/pickers.tsx';
import type { ConversationActions } from '../actions/useConversationActions.ts';
import { WaitTimer } from '../list/ConversationRow.tsx';
import { channelName } from '../model/channelName.ts';
import { type ConversationItem, channelOf, contactName, isClosed, isSnoozed } from '../model/conversation.ts';

/** Whose conversation this is, its state, and everything that can be done with it as a whole. */
export function ThreadHeader(props: {
  item: ConversationItem;
  actions: ConversationActions;
  onBack: () => void;
  onCloseAndNext: () => void;
  contextOpen: boolean;
  onToggleContext: () => void;
  onFind: () => void;
}) {
  const { item, actions, onBack, onCloseAndNext, contextOpen, onToggleContext, onFind } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const keysOf = useKeys();
  const name = contactName(item.contact, t);
  const closed = isClosed(item);
  const snoozed = isSnoozed(item, now);
  return (
    <header className="@container flex h-12 shrink-0 items-center gap-2 border-b border-line ps-2 pe-2 md:ps-4">
      <IconButton
        label={t('inbox.back')}
        icon={<ArrowLeft className="mirror-rtl" />}
        onClick={onBack}
        className="md:hidden"
        tooltip={false}
      />
      <button
        type="button"
        onClick={onToggleContext}
        className="flex min-w-0 flex-1 items-center gap-2 rounded-control text-start md:pointer-events-none"
        tabIndex={-1}
      >
        <Avatar
          id={item.contact_id}
          name={name}
          src={item.contact?.avatar_url ?? null}
          size={28}
          badge={<ChannelBadge type={channelOf(item)} size={14} />}
        />
        <span className="min-w-0">
          <h1 dir="auto" className="line-1 page-side text-13 font-strong">
            {name}
          </h1>
          <span className="line-1 block text-12 text-ink-3 max-md:hidden">
            <bdi>{item.channel_account?.name ?? channelName(channelOf(item), t)}</bdi>
          </span>
        </span>
      </button>
      <span className="flex shrink-0 items-center gap-1.5 @max-md:hidden">
        {closed ? (
          <Badge icon={<Check />}>
            {item.status === 'RESOLVED' ? t('inbox.state.resolved') : t('inbox.state.closed')}
          </Badge>
        ) : null}
        {item.status === 'PENDING' ? (
          <Badge tone="warning" icon={<CircleDashed />}>
            {t('inbox.state.pending')}
          </Badge>
        ) : null}
        {snoozed && item.snoozed_until !== null ? (
          <Badge tone="info" icon={<AlarmClock />} title={format.exact(item.snoozed_until)}>
            {t('inbox.state.snoozed')}
          </Badge>
        ) : null}
        <WaitTimer item={item} now={now} />
      </span>
      <div className="flex shrink-0 items-center gap-0.5">
        <AssignButton item={item} actions={actions} />
        <IconButton
          label={item.is_important ? t('inbox.unmarkImportant') : t('inbox.markImportant')}
          icon={<Star className={cx(item.is_important && 'fill-current text-warning-ink')} />}
          aria-pressed={item.is_important}
          className="@max-2xl:hidden"
          onClick={() => actions.toggleImportant(item)}
        />
        <PickerButton label={t('inbox.tags.label')} keys={keysOf('conversation.tags')} icon={<Tag />}>
          {(done) => <TagPicker item={item} actions={actions} onDone={done} />}
        </PickerButton>
        {snoozed ? (
          <IconButton
            label={t('inbox.snooze.end')}
            icon={<AlarmClockOff />}
            className="@max-md:hidden"
            onClick={() => actions.unsnooze(item)}
          />
        ) : closed ? null : (
          <PickerButton label={t('inbox.snooze.label')} keys={keysOf('conversation.snooze')} icon={<AlarmClock />}>
            {(done) => <SnoozePicker item={item} actions={actions} onDone={done} />}
          </PickerButton>
        )}
        {closed ? (
          <Button icon={<RotateCcw />} className="mx-1" onClick={() => actions.reopen(item)}>
            {t('inbox.reopen')}
          </Button>
        ) : (
          <div className="mx-1 flex">
            <Tooltip content={t('inbox.closeConversation')} keys={keysOf('conversation.close')}>
              <Button
                icon={<Check />}
                className="rounded-e-none @max-sm:rounded-control @max-sm:px-2"
                onClick={() => actions.close(item)}
              >
                <span className="@max-sm:sr-only">{t('inbox.close')}</span>
              </Button>
            </Tooltip>
            <Menu
              align="end"
              trigger={
                <Button aria-label={t('inbox.closeMore')} className="-ms-px rounded-s-none px-1.5 @max-sm:hidden">
                  <ChevronDown className="icon-14" />
                </Button>
              }
            >
              <MenuItem icon={<CheckCheck />} keys={keysOf('conversation.closeNext')} onSelect={onCloseAndNext}>
                {t('inbox.closeAndNext')}
              </MenuItem>
              {item.status === 'PENDING' ? null : (
                <MenuItem icon={<CircleDashed />} onSelect={() => actions.setPending(item)}>
                  {t('inbox.setPending')}
                </MenuItem>
              )}
            </Menu>
          </div>
        )}
        <Menu
          align="end"
          label={t('inbox.more')}
          trigger={<IconButton label={t('inbox.more')} icon={<MoreHorizontal />} tooltip={false} />}
        >
          <MenuItem icon={<TextSearch />} keys={keysOf('conversation.find')} onSelect={onFind}>
            {t('inbox.find.label')}
          </MenuItem>
          <MenuItem icon={<MailMinus />} keys={keysOf('conversation.unread')} onSelect={() => actions.markUnread(item)}>
            {t('inbox.markUnread')}
          </MenuItem>
          {closed ? null : (
            <MenuItem icon={<CheckCheck />} keys={keysOf('conversation.closeNext')} onSelect={onCloseAndNext}>
              {t('inbox.closeAndNext')}
            </MenuItem>
          )}
          <MenuItem icon={<Star />} onSelect={() => actions.toggleImportant(item)}>
            {item.is_important ? t('inbox.unmarkImportant') : t('inbox.markImportant')}
          </MenuItem>
          <MenuSeparator />
          <MenuItem
            icon={<PanelRight className="mirror-rtl" />}
            keys={keysOf('view.context')}
            onSelect={onToggleContext}
          >
            {contextOpen ? t('inbox.hideContext') : t('inbox.showContext')}
          </MenuItem>
        </Menu>
        {contextOpen ? null : (
          <IconButton
            label={t('inbox.showContext')}
            keys={keysOf('view.context')}
            icon={<PanelRight className="mirror-rtl" />}
            onClick={onToggleContext}
          />
        )}
      </div>
    </header>
  );
}

function AssignButton({ item, actions }: { item: ConversationItem; actions: ConversationActions }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { assignee } = item;
  const label = assignee === null ? t('inbox.assign.label') : t('inbox.assignedTo', { name: memberName(assignee) });
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      align="end"
      label={t('inbox.assign.label')}
      trigger={
        <button
          type="button"
          aria-label={label}
          data-testid="assign"
          className="flex h-8 items-center gap-1.5 rounded-control px-2 text-13 text-ink-2 hover:bg-hover hover:text-ink data-[state=open]:bg-hover"
        >
          {assignee === null ? (
            <UserRound />
          ) : (
            <Avatar id={assignee.id} name={memberName(assignee)} src={assignee.avatar_url} size={20} />
          )}
          <span className="line-1 max-w-32 @max-2xl:hidden" dir="auto">
            {assignee === null ? t('inbox.unassigned') : memberName(assignee)}
          </span>
          <ChevronDown className="text-ink-3 icon-14" />
        </button>
      }
    >
      <AssignPicker item={item} actions={actions} onDone={() => setOpen(false)} />
    </Popover>
  );
}

function PickerButton(props: {
  label: string;
  keys: readonly string[] | undefined;
  icon: React.ReactNode;
  children: (done: () => void) => React.ReactNode;
}) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      align="end"
      label={props.label}
      trigger={
        <IconButton
          label={props.label}
          keys={props.keys}
          icon={props.icon}
          className="@max-md:hidden"
          tooltip={!open}
        />
      }
    >
      {props.children(() => setOpen(false))}
    </Popover>
  );
}
