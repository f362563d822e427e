import { RotateCcw } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '#design/Button.tsx';
import { Checkbox } from '#design/Checkbox.tsx';
import { Dialog } from '#design/Dialog.tsx';
import { IconButton } from '#design/IconButton.tsx';
import { Kbd } from '#design/Kbd.tsx';
import { usePreference } from '../preferences/usePreferences.ts';
import type { Command } from './command.ts';
import { isApple, keyLabels, strokeOf } from './keyStroke.ts';
import { useBindings, useCommandList } from './useCommands.ts';

/** Every key of this screen. A click on a key gives the command another one; Backspace takes it away. */
export default function ShortcutsDialog({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation();
  const commands = useCommandList().filter((command) => (command.bindings?.length ?? 0) > 0);
  const groups = Map.groupBy(commands, (command) => command.group);
  const bindingsOf = useBindings();
  const [singleKeys, setSingleKeys] = usePreference('singleKeys');
  const [overrides, setOverrides] = usePreference('shortcuts');
  const [asking, setAsking] = useState<string | null>(null);

  const onAnswer = (command: Command) => (event: KeyboardEvent) => {
    event.preventDefault();
    event.stopPropagation();
    const stroke = strokeOf(event, isApple());
    if (stroke === null) return;
    setAsking(null);
    if (stroke === 'Escape') return;
    setOverrides({ ...overrides, [command.id]: stroke === 'Backspace' || stroke === 'Delete' ? '' : stroke });
  };

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="lg"
      title={t('shell.shortcuts.title')}
      description={t('shell.shortcuts.hint')}
      footer={
        <>
          <label className="me-auto flex items-center gap-2 text-13" htmlFor="single-keys">
            <Checkbox
              id="single-keys"
              checked={singleKeys}
              onCheckedChange={(checked) => setSingleKeys(checked === true)}
            />
            {t('shell.shortcuts.singleKeys')}
          </label>
          <Button
            tone="ghost"
            icon={<RotateCcw />}
            disabled={Object.keys(overrides).length === 0}
            onClick={() => setOverrides({})}
          >
            {t('shell.shortcuts.reset')}
          </Button>
        </>
      }
    >
      <div className="columns-1 gap-8 sm:columns-2">
        {[...groups].map(([group, members]) => (
          <section key={group} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 text-12 font-medium text-ink-3">{t(`shell.groups.${group}`)}</h3>
            <ul>
              {members.map((command) => {
                const bindings = bindingsOf(command);
                return (
                  <li key={command.id} className="flex h-8 items-center gap-2">
                    <span className="line-1 flex-1">{command.title}</span>
                    {overrides[command.id] === undefined ? null : (
                      <IconButton
                        size="sm"
                        label={t('shell.shortcuts.resetOne', { name: command.title })}
                        icon={<RotateCcw className="icon-14" />}
                        onClick={() => {
                          const { [command.id]: _, ...rest } = overrides;
                          setOverrides(rest);
                        }}
                      />
                    )}
                    <button
                      type="button"
                      aria-label={t('shell.shortcuts.change', { name: command.title })}
                      className="flex h-7 min-w-7 items-center justify-end gap-1 rounded-control px-1 hover:bg-hover"
                      onClick={() => setAsking(command.id)}
                      onBlur={() => setAsking(null)}
                      {...(asking === command.id ? { onKeyDown: onAnswer(command) } : {})}
                    >
                      {asking === command.id ? (
                        <span className="text-12 text-accent-ink">{t('shell.shortcuts.press')}</span>
                      ) : bindings.length === 0 ? (
                        <span className="text-12 text-ink-3">{t('shell.shortcuts.none')}</span>
                      ) : (
                        bindings
                          .slice(0, 2)
                          .map((binding) => <Kbd key={binding} keys={keyLabels(binding, isApple())} />)
                      )}
                    </button>
                  </li>
                );
              })}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
