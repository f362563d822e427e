import { CalendarClock, UserRoundX } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { memberName } from '#app/session/me.ts';
import { useMe } from '#app/session/sessionContext.ts';
import { useMembers } from '#app/session/useMembers.ts';
import { Avatar } from '#design/Avatar.tsx';
import { Button } from '#design/Button.tsx';
import { Input } from '#design/Input.tsx';
import { PickList, type PickOption } from '#design/PickList.tsx';
import { useFormat } from '#i18n/useFormat.ts';
import type { ConversationItem } from '../model/conversation.ts';
import { useTags } from '../model/useTags.ts';
import { snoozeChoices } from './snoozeChoices.ts';
import type { ConversationActions } from './useConversationActions.ts';

export interface PickerProps {
  item: ConversationItem;
  actions: ConversationActions;
  onDone: () => void;
}

const NOBODY = 'nobody';

/** Whose conversation it is. Oneself first. */
export function AssignPicker({ item, actions, onDone }: PickerProps) {
  const { t } = useTranslation();
  const me = useMe();
  const { members } = useMembers();
  const options = useMemo((): PickOption[] => {
    const ordered = [...members].sort(
      (a, b) => Number(b.id === me.id) - Number(a.id === me.id) || Number(b.is_online) - Number(a.is_online),
    );
    return [
      ...ordered.map((member) => ({
        id: member.id,
        label: member.id === me.id ? t('inbox.assign.me', { name: memberName(member) }) : memberName(member),
        keywords: member.email ?? '',
        icon: (
          <Avatar
            id={member.id}
            name={memberName(member)}
            src={member.avatar_url}
            size={20}
            online={member.is_online}
          />
        ),
        checked: item.assignee_id === member.id,
      })),
      {
        id: NOBODY,
        label: t('inbox.assign.nobody'),
        icon: <UserRoundX className="mx-0.5 text-ink-3" />,
        checked: item.assignee_id === null,
      },
    ];
  }, [members, me.id, item.assignee_id, t]);
  return (
    <PickList
      label={t('inbox.assign.label')}
      placeholder={t('inbox.assign.placeholder')}
      options={options}
      empty={t('inbox.assign.empty')}
      onPick={(id) => {
        actions.assign(item, id === NOBODY ? null : id);
        onDone();
      }}
    />
  );
}

/** Until when a conversation is put away. */
export function SnoozePicker({ item, actions, onDone }: PickerProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [choosing, setChoosing] = useState(false);
  const [moment, setMoment] = useState('');
  const choices = useMemo(() => snoozeChoices(new Date()), []);
  const snooze = (until: Date) => {
    actions.snooze(item, until);
    onDone();
  };
  if (choosing) {
    const until = new Date(moment);
    const usable = moment !== '' && until.getTime() > Date.now();
    return (
      <form
        className="flex w-64 flex-col gap-2 p-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (usable) snooze(until);
        }}
      >
        <label className="text-12 font-medium text-ink-2" htmlFor="snooze-until">
          {t('inbox.snooze.until')}
        </label>
        <Input
          id="snooze-until"
          type="datetime-local"
          dir="ltr"
          value={moment}
          onChange={(event) => setMoment(event.target.value)}
        />
        <Button tone="primary" type="submit" disabled={!usable}>
          {t('inbox.snooze.action')}
        </Button>
      </form>
    );
  }
  return (
    <PickList
      label={t('inbox.snooze.label')}
      placeholder={t('inbox.snooze.placeholder')}
      empty={t('inbox.snooze.empty')}
      options={[
        ...choices.map((choice) => ({
          id: choice.id,
          label: t(`inbox.snooze.${choice.id}`),
          hint: format.time(choice.until.toISOString()),
        })),
        { id: 'custom', label: t('inbox.snooze.custom'), hint: <CalendarClock className="icon-14" /> },
      ]}
      onPick={(id) => {
        const choice = choices.find((one) => one.id === id);
        if (choice === undefined) setChoosing(true);
        else snooze(choice.until);
      }}
    />
  );
}

/** The tags of a conversation; typing a new name makes a new tag. Stays open for several. */
export function TagPicker({ item, actions }: PickerProps) {
  const { t } = useTranslation();
  const { data: tags = [] } = useTags();
  const names = [...new Set([...item.tags, ...tags.map((tag) => tag.name)])];
  const toggle = (name: string) => {
    actions.setTags(item, item.tags.includes(name) ? item.tags.filter((one) => one !== name) : [...item.tags, name]);
  };
  return (
    <PickList
      label={t('inbox.tags.label')}
      placeholder={t('inbox.tags.placeholder')}
      empty={t('inbox.tags.empty')}
      options={names.map((name) => ({ id: name, label: name, checked: item.tags.includes(name) }))}
      onPick={toggle}
      create={{ label: (name) => t('inbox.tags.create', { name }), onCreate: toggle }}
    />
  );
}
