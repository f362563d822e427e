import {
  ArrowDownWideNarrow,
  BookmarkPlus,
  CircleDot,
  MailOpen,
  Rows3,
  Star,
  Tag,
  UserRound,
  Waypoints,
} from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreference } from '#app/preferences/usePreferences.ts';
import { memberName } from '#app/session/me.ts';
import { useMembers } from '#app/session/useMembers.ts';
import { Avatar } from '#design/Avatar.tsx';
import { ChannelBadge } from '#design/ChannelBadge.tsx';
import type { DeferredMenuProps } from '#design/DeferredMenu.tsx';
import { Menu, MenuCheckItem, MenuItem, MenuRadio, MenuSeparator, SubMenu } from '#design/Menu.tsx';
import { channelName } from '../model/channelName.ts';
import { useTags } from '../model/useTags.ts';
import { useChannels } from './useChannels.ts';
import { useInboxLocation } from './useInboxLocation.ts';
import { useStatusOptions } from './useStatusOptions.ts';

const SaveViewDialog = lazy(() => import('./SaveViewDialog.tsx'));
const ANY = 'any-value';

/** Everything that narrows or orders the list. */
export default function FilterMenuContent({ trigger, open, onOpenChange }: DeferredMenuProps) {
  const { t } = useTranslation();
  const { filter, setFilter } = useInboxLocation();
  const { data: channels = [] } = useChannels();
  const { data: tags = [] } = useTags();
  const { members } = useMembers();
  const statusOptions = useStatusOptions();
  const [density, setDensity] = usePreference('density');
  const [saving, setSaving] = useState(false);
  const types = [...new Set(channels.map((channel) => channel.type))];

  return (
    <>
      <Menu
        align="end"
        label={t('inbox.filter.label')}
        className="w-60"
        open={open}
        onOpenChange={onOpenChange}
        trigger={trigger}
      >
        <SubMenu icon={<CircleDot />} label={t('inbox.filter.status')}>
          <MenuRadio value={filter.status} onChange={(status) => setFilter({ status })} options={statusOptions} />
        </SubMenu>
        <SubMenu icon={<Waypoints />} label={t('inbox.filter.channel')}>
          {types.map((type) => (
            <MenuCheckItem
              key={type}
              icon={<ChannelBadge type={type} ring={false} />}
              checked={filter.channels.includes(type)}
              onChange={(checked) =>
                setFilter({
                  channels: checked ? [...filter.channels, type] : filter.channels.filter((one) => one !== type),
                })
              }
            >
              {channelName(type, t)}
            </MenuCheckItem>
          ))}
          {types.length === 0 ? (
            <p className="px-2 py-1.5 text-12 text-ink-3">{t('inbox.empty.notConnectedTitle')}</p>
          ) : null}
        </SubMenu>
        <SubMenu icon={<UserRound />} label={t('inbox.filter.assignee')}>
          <MenuRadio
            value={filter.assignee ?? ANY}
            onChange={(assignee) => setFilter(assignee === ANY ? { assignee: null } : { assignee, view: 'all' })}
            options={[
              { value: ANY, label: t('inbox.filter.anyone') },
              ...members.map((member) => ({
                value: member.id,
                label: memberName(member),
                icon: <Avatar id={member.id} name={memberName(member)} src={member.avatar_url} size={16} />,
              })),
            ]}
          />
        </SubMenu>
        {tags.length === 0 ? null : (
          <SubMenu icon={<Tag />} label={t('inbox.filter.tag')}>
            <MenuRadio
              value={filter.tag ?? ANY}
              onChange={(tag) => setFilter({ tag: tag === ANY ? null : tag })}
              options={[
                { value: ANY, label: t('inbox.filter.anyTag') },
                ...tags.map((tag) => ({ value: tag.name, label: <bdi>{tag.name}</bdi> })),
              ]}
            />
          </SubMenu>
        )}
        <MenuCheckItem icon={<MailOpen />} checked={filter.unread} onChange={(unread) => setFilter({ unread })}>
          {t('inbox.filter.unread')}
        </MenuCheckItem>
        <MenuCheckItem icon={<Star />} checked={filter.important} onChange={(important) => setFilter({ important })}>
          {t('inbox.filter.important')}
        </MenuCheckItem>
        <MenuSeparator />
        <SubMenu icon={<ArrowDownWideNarrow />} label={t('inbox.sort.label')}>
          <MenuRadio
            value={filter.sort}
            onChange={(sort) => setFilter({ sort })}
            options={[
              { value: 'newest', label: t('inbox.sort.newest') },
              { value: 'oldest', label: t('inbox.sort.oldest') },
              { value: 'waiting', label: t('inbox.sort.waiting') },
            ]}
          />
        </SubMenu>
        <MenuCheckItem
          icon={<Rows3 />}
          checked={density === 'compact'}
          onChange={(compact) => setDensity(compact ? 'compact' : 'comfortable')}
        >
          {t('inbox.compactRows')}
        </MenuCheckItem>
        <MenuSeparator />
        <MenuItem icon={<BookmarkPlus />} onSelect={() => setSaving(true)}>
          {t('inbox.views.save')}
        </MenuItem>
      </Menu>
      <Suspense fallback={null}>{saving ? <SaveViewDialog open onOpenChange={setSaving} /> : null}</Suspense>
    </>
  );
}
