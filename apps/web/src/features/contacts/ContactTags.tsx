import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge } from '#design/Badge.tsx';
import { cx } from '#design/cx.ts';
import { PickList } from '#design/PickList.tsx';
import { Popover } from '#design/Popover.tsx';
import { colorTone } from '#features/inbox/model/colorTone.ts';
import { useTags } from '#features/inbox/model/useTags.ts';

/** Tags with a way to take each off and to add others. */
export function ContactTags({
  tags,
  onChange,
  className,
}: {
  tags: readonly string[];
  onChange: (tags: readonly string[]) => void;
  className?: string;
}) {
  const { t } = useTranslation();
  const { data: known = [] } = useTags();
  const [open, setOpen] = useState(false);
  const toggle = (name: string) => onChange(tags.includes(name) ? tags.filter((one) => one !== name) : [...tags, name]);
  const names = [...new Set([...tags, ...known.map((tag) => tag.name)])];
  return (
    <div className={cx('flex flex-wrap items-center gap-1', className)}>
      {tags.map((name) => (
        <span key={name} className="group/tag relative inline-flex max-w-full">
          <Badge tone={colorTone(known.find((tag) => tag.name === name)?.color)} className="pe-1.5">
            {name}
          </Badge>
          <button
            type="button"
            aria-label={t('contacts.removeTag', { name })}
            onClick={() => toggle(name)}
            className="absolute -end-1 -top-1 flex size-4 items-center justify-center rounded-full bg-ink text-surface opacity-0 group-hover/tag:opacity-100 focus-visible:opacity-100 [&_svg]:size-2.5"
          >
            <X />
          </button>
        </span>
      ))}
      <Popover
        open={open}
        onOpenChange={setOpen}
        label={t('contacts.editTags')}
        trigger={
          <button
            type="button"
            className="flex h-5 items-center gap-1 rounded-badge border border-dashed border-line-strong px-1.5 text-12 text-ink-3 icon-14 hover:text-ink"
          >
            <Plus />
            {tags.length === 0 ? t('contacts.addTags') : <span className="sr-only">{t('contacts.addTags')}</span>}
          </button>
        }
      >
        <PickList
          label={t('contacts.editTags')}
          placeholder={t('inbox.tags.placeholder')}
          empty={t('inbox.tags.empty')}
          options={names.map((name) => ({ id: name, label: name, checked: tags.includes(name) }))}
          onPick={toggle}
          create={{ label: (name) => t('inbox.tags.create', { name }), onCreate: toggle }}
        />
      </Popover>
    </div>
  );
}
