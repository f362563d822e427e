import { Building2, Mail, Phone, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '#design/Avatar.tsx';
import { Badge } from '#design/Badge.tsx';
import { ChannelBadge } from '#design/ChannelBadge.tsx';
import { IconButton } from '#design/IconButton.tsx';
import { InlineEdit } from '#design/InlineEdit.tsx';
import { ContactTags } from '#features/contacts/ContactTags.tsx';
import { normalizeEmail, normalizePhone } from '#features/contacts/contactFields.ts';
import { type ContactDetail, useUpdateContact } from '#features/contacts/contactQueries.ts';
import { colorTone } from '../model/colorTone.ts';
import { contactName } from '../model/conversation.ts';

/** Name, ways to reach them, tags: everything can be changed where it stands. */
export function ContactIdentity({
  contact,
  channels,
}: {
  contact: ContactDetail;
  channels: readonly { type: string; name: string }[];
}) {
  const { t } = useTranslation();
  const update = useUpdateContact(contact.id);
  const name = contact.full_name ?? '';
  return (
    <div className="px-4 pt-4 pb-3">
      <div className="flex items-start gap-3">
        <Avatar id={contact.id} name={contactName(contact, t)} src={contact.avatar_url} size={40} />
        <div className="min-w-0 flex-1">
          <InlineEdit
            value={name}
            label={t('contacts.field.name')}
            placeholder={t('contacts.addName')}
            className="text-14 font-strong"
            onSave={(next) => {
              const [first = '', ...rest] = next.split(/\s+/);
              update({ first_name: first === '' ? null : first, last_name: rest.length === 0 ? null : rest.join(' ') });
            }}
          />
          <p className="flex flex-wrap items-center gap-x-1.5 gap-y-1 text-12 text-ink-3">
            {contact.stage === null ? null : <Badge tone={colorTone(contact.stage.color)}>{contact.stage.name}</Badge>}
            {contact.company === null ? null : (
              <span className="flex min-w-0 items-center gap-1 icon-14">
                <Building2 />
                <bdi className="line-1">{contact.company.name}</bdi>
              </span>
            )}
          </p>
        </div>
      </div>
      <div className="mt-2.5 flex flex-col gap-px">
        <ValueList
          icon={<Phone />}
          values={contact.phones}
          label={t('contacts.field.phone')}
          addLabel={t('contacts.addPhone')}
          type="tel"
          check={(value) => (value === '' || normalizePhone(value) !== null ? null : t('contacts.error.phone'))}
          onChange={(phones) => update({ phones: phones.map((phone) => normalizePhone(phone) ?? phone) })}
        />
        <ValueList
          icon={<Mail />}
          values={contact.emails}
          label={t('contacts.field.email')}
          addLabel={t('contacts.addEmail')}
          type="email"
          check={(value) => (value === '' || normalizeEmail(value) !== null ? null : t('contacts.error.email'))}
          onChange={(emails) => update({ emails: emails.map((email) => normalizeEmail(email) ?? email) })}
        />
        {channels.map((channel) => (
          <p key={channel.type + channel.name} className="flex h-7 items-center gap-2.5 text-13 text-ink-2">
            <ChannelBadge type={channel.type} ring={false} />
            <bdi className="line-1">{channel.name}</bdi>
          </p>
        ))}
      </div>
      <ContactTags tags={contact.tags} onChange={(tags) => update({ tags: [...tags] })} className="mt-2" />
    </div>
  );
}

function ValueList(props: {
  icon: React.ReactNode;
  values: readonly string[];
  label: string;
  addLabel: string;
  type: 'tel' | 'email';
  check: (value: string) => string | null;
  onChange: (values: readonly string[]) => void;
}) {
  const { icon, values, label, addLabel, type, check, onChange } = props;
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const shown = values.length === 0 || adding ? [...values, ''] : values;
  return shown.map((value, index) => (
    // The place in the list is what identifies a number that is being changed.
    <div key={`${String(index)}${value}`} className="group/value relative flex min-h-7 items-center gap-2.5 text-ink-3">
      {icon}
      <div className="min-w-0 flex-1 text-ink">
        <InlineEdit
          value={value}
          label={label}
          placeholder={addLabel}
          type={type}
          dir="ltr"
          check={check}
          className="w-full rtl:text-end"
          onSave={(next) => {
            setAdding(false);
            onChange(
              value === ''
                ? [...values, next]
                : next === ''
                  ? values.filter((_, at) => at !== index)
                  : values.map((one, at) => (at === index ? next : one)),
            );
          }}
        />
      </div>
      {value === '' ? null : (
        <span className="absolute end-0 flex bg-surface opacity-0 group-focus-within/value:opacity-100 group-hover/value:opacity-100 pointer-coarse:static pointer-coarse:opacity-100">
          {index === 0 ? (
            <IconButton
              size="sm"
              label={addLabel}
              icon={<Plus className="icon-14" />}
              onClick={() => setAdding(true)}
            />
          ) : null}
          <IconButton
            size="sm"
            label={t('contacts.removeValue', { value })}
            icon={<X className="icon-14" />}
            onClick={() => onChange(values.filter((_, at) => at !== index))}
          />
        </span>
      )}
    </div>
  ));
}
