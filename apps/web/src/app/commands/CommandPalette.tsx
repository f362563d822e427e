import { Command as Cmdk } from 'cmdk';
import { Search } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { foldText } from '#design/foldText.ts';
import { Kbd } from '#design/Kbd.tsx';
import { usePreference } from '../preferences/usePreferences.ts';
import type { Command } from './command.ts';
import { isApple, keyLabels } from './keyStroke.ts';
import { PaletteConversations } from './PaletteConversations.tsx';
import { useBindings, useCommandList } from './useCommands.ts';

const RECENT = 5;
const groupClass =
  '[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-12 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-3';
export const paletteItemClass =
  'flex min-h-9 items-center gap-2.5 rounded-control px-3 text-13 data-[selected=true]:bg-hover [&_svg]:text-ink-3';

/** Everything that can be done here, by name. Recent first; each entry teaches its key. Loaded when first opened. */
export default function CommandPalette({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation();
  const commands = useCommandList();
  const bindingsOf = useBindings();
  const [recentIds, setRecentIds] = usePreference('recentCommands');
  const [text, setText] = useState('');

  const offered = useMemo(() => commands.filter((command) => command.keyOnly !== true), [commands]);
  const recent = useMemo(
    () => recentIds.flatMap((id) => offered.find((command) => command.id === id) ?? []).slice(0, RECENT),
    [recentIds, offered],
  );
  const groups = useMemo(() => Map.groupBy(offered, (command) => command.group), [offered]);

  const close = () => {
    onOpenChange(false);
    setText('');
  };
  const run = (command: Command) => {
    close();
    setRecentIds([command.id, ...recentIds.filter((id) => id !== command.id)].slice(0, 12));
    // After the dialog has given the focus back, so that a command may move it.
    setTimeout(() => command.run(), 0);
  };
  const item = (command: Command, scope: string) => {
    const binding = bindingsOf(command)[0];
    return (
      <Cmdk.Item
        key={`${scope}:${command.id}`}
        value={`${scope}:${command.id}`}
        keywords={[foldText(command.title), foldText(command.keywords ?? '')]}
        onSelect={() => run(command)}
        className={paletteItemClass}
      >
        {command.icon}
        <span className="line-1 flex-1">{command.title}</span>
        {binding === undefined ? null : <Kbd keys={keyLabels(binding, isApple())} />}
      </Cmdk.Item>
    );
  };

  return (
    <Dialog.Root open={open} onOpenChange={(next) => (next ? onOpenChange(true) : close())}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim animate-fade" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-x-3 top-[14dvh] z-40 mx-auto flex max-h-[60dvh] max-w-140 flex-col overflow-hidden rounded-panel bg-raised shadow-dialog animate-pop focus:outline-none"
        >
          <Dialog.Title className="sr-only">{t('shell.palette.title')}</Dialog.Title>
          <Cmdk label={t('shell.palette.title')} loop filter={rank} className="flex min-h-0 flex-col">
            <div className="flex items-center gap-2.5 border-b border-line px-4">
              <Search className="text-ink-3" />
              <Cmdk.Input
                value={text}
                onValueChange={setText}
                dir="auto"
                placeholder={t('shell.palette.placeholder')}
                className="h-12 min-w-0 flex-1 bg-transparent text-14 outline-none"
              />
              <Kbd keys={['Esc']} />
            </div>
            <Cmdk.List className="min-h-0 flex-1 overflow-y-auto p-1.5">
              <Cmdk.Empty className="px-3 py-6 text-center text-13 text-ink-2">
                {t('shell.palette.empty', { text })}
              </Cmdk.Empty>
              {text === '' && recent.length > 0 ? (
                <Cmdk.Group heading={t('shell.palette.recent')} className={groupClass}>
                  {recent.map((command) => item(command, 'recent'))}
                </Cmdk.Group>
              ) : null}
              {[...groups].map(([group, members]) => (
                <Cmdk.Group key={group} heading={t(`shell.groups.${group}`)} className={groupClass}>
                  {members.map((command) => item(command, 'all'))}
                </Cmdk.Group>
              ))}
              <PaletteConversations text={text} onDone={close} className={groupClass} />
            </Cmdk.List>
          </Cmdk>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Letters in order, words first: "as" finds Assign before Close and assign. Found conversations keep their place. */
function rank(value: string, search: string, keywords: string[] = []): number {
  if (value.startsWith('found:')) return 0.4;
  const wanted = foldText(search);
  if (wanted === '') return 1;
  const haystack = keywords.join(' ');
  if (haystack.startsWith(wanted)) return 1;
  if (haystack.includes(` ${wanted}`)) return 0.9;
  if (haystack.includes(wanted)) return 0.7;
  let from = 0;
  for (const letter of wanted.replaceAll(' ', '')) {
    from = haystack.indexOf(letter, from) + 1;
    if (from === 0) return 0;
  }
  return 0.3;
}
