import {
  type ClipboardEvent,
  type KeyboardEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { isApple } from '#app/commands/keyStroke.ts';
import { usePreference } from '#app/preferences/usePreferences.ts';
import { memberName } from '#app/session/me.ts';
import { useMe } from '#app/session/sessionContext.ts';
import { useMembers } from '#app/session/useMembers.ts';
import { contactName } from '../model/conversation.ts';
import type { ComposerProps } from './Composer.tsx';
import { ComposerToolbar } from './ComposerToolbar.tsx';
import { type ChannelLimits, textLength } from './channelLimits.ts';
import { COMPOSER_FIELD } from './composerField.ts';
import { NewerMessageNotice } from './NewerMessageNotice.tsx';
import { type Suggestion, SuggestionList, useSuggestions } from './Suggestions.tsx';
import { findTrigger, type Trigger } from './trigger.ts';
import { useDraftText } from './useDraftText.ts';
import { resolveVariables, variableValues } from './variables.ts';
import type { ReplyWindow } from './window.ts';

const MAX_HEIGHT_PX = 240;

/** The text field with everything that happens while one writes in it. */
export function WritingArea(props: ComposerProps & { limits: ChannelLimits; window: ReplyWindow }) {
  const { conversation, mode, replyTo, onReplyTo, tray, onSend, onNote, onTyping, stopTyping, limits, window } = props;
  const { t } = useTranslation();
  const me = useMe();
  const { members } = useMembers();
  const [enterSends] = usePreference('enterSends');
  const { text, setText, clear } = useDraftText(conversation.id, mode);
  const field = useRef<HTMLTextAreaElement>(null);
  const [trigger, setTrigger] = useState<Trigger | null>(null);
  const isNote = mode === 'note';

  const values = useMemo(
    () =>
      variableValues({
        contact: conversation.contact,
        agent: { firstName: me.firstName, name: me.name },
        organization: me.organization.name,
      }),
    [conversation.contact, me],
  );
  const resolved = useMemo(() => resolveVariables(text, values), [text, values]);
  const length = textLength(resolved.text);
  const tooLong = !isNote && length > limits.textLength;
  const filesReady =
    tray.files.length > 0 && !tray.uploading && tray.files.every((file) => file.state.phase === 'stored');
  const sendable =
    !tooLong &&
    !tray.uploading &&
    (text.trim() !== '' || (!isNote && filesReady)) &&
    (isNote || resolved.missing.length === 0);

  // What the customer wrote after the last key was pressed has perhaps not been read: sending asks first.
  const seenInbound = useRef(conversation.last_inbound_at);
  const [asking, setAsking] = useState(false);
  useEffect(() => {
    if (text === '') seenInbound.current = conversation.last_inbound_at;
  }, [text, conversation.last_inbound_at]);
  const hasNewer = !isNote && text !== '' && (conversation.last_inbound_at ?? '') > (seenInbound.current ?? '');

  useLayoutEffect(() => {
    const element = field.current;
    if (element === null) return;
    element.style.blockSize = 'auto';
    element.style.blockSize = `${String(Math.min(MAX_HEIGHT_PX, text === '' ? 0 : element.scrollHeight))}px`;
  }, [text]);

  const readTrigger = useCallback(() => {
    const element = field.current;
    if (element === null || element.selectionStart !== element.selectionEnd) return setTrigger(null);
    setTrigger(findTrigger(element.value.slice(0, element.selectionStart), mode));
  }, [mode]);

  const replace = useCallback(
    (from: number, to: number, insert: string) => {
      const next = text.slice(0, from) + insert + text.slice(to);
      setText(next);
      setTrigger(null);
      requestAnimationFrame(() => {
        field.current?.focus();
        field.current?.setSelectionRange(from + insert.length, from + insert.length);
      });
    },
    [text, setText],
  );
  const insertAtCaret = useCallback(
    (insert: string) => {
      const element = field.current;
      const from = element?.selectionStart ?? text.length;
      replace(from, element?.selectionEnd ?? from, insert);
    },
    [replace, text.length],
  );

  const suggestions = useSuggestions(trigger, values);
  const choose = (suggestion: Suggestion) => {
    if (trigger === null) return;
    replace(trigger.from, field.current?.selectionStart ?? text.length, suggestion.insert);
  };

  const submit = () => {
    if (!sendable) return;
    if (hasNewer && !asking) {
      setAsking(true);
      return;
    }
    setAsking(false);
    stopTyping();
    if (isNote) {
      const mentioned = members.filter((member) => text.includes(`@${memberName(member)}`)).map((member) => member.id);
      onNote(text.trim(), mentioned);
    } else {
      onSend({ text: resolved.text, files: tray.take(), replyTo });
      onReplyTo(null);
    }
    clear();
    field.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (suggestions.onKey(event, choose)) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      if (trigger !== null) setTrigger(null);
      else if (asking) setAsking(false);
      else if (replyTo !== null) onReplyTo(null);
      else event.currentTarget.blur();
      return;
    }
    const chord = isApple() ? event.metaKey : event.ctrlKey;
    // On a phone the key breaks the line; there is a button to send.
    const plain = enterSends && !event.shiftKey && !event.altKey && !matchMedia('(pointer: coarse)').matches;
    if (event.key === 'Enter' && (chord || plain)) {
      event.preventDefault();
      submit();
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0 || isNote) return;
    event.preventDefault();
    tray.add(files);
  };

  return (
    <div className="relative">
      {trigger !== null && suggestions.shown.length > 0 ? (
        <SuggestionList suggestions={suggestions} kind={trigger.kind} onChoose={choose} />
      ) : null}
      {asking ? (
        <NewerMessageNotice
          name={contactName(conversation.contact, t)}
          onSend={submit}
          onCancel={() => setAsking(false)}
        />
      ) : null}
      <textarea
        ref={field}
        id={COMPOSER_FIELD}
        data-testid="composer-field"
        dir="auto"
        rows={2}
        value={text}
        aria-label={
          isNote
            ? t('inbox.composer.noteField')
            : t('inbox.composer.replyField', { name: contactName(conversation.contact, t) })
        }
        placeholder={isNote ? t('inbox.composer.notePlaceholder') : t('inbox.composer.replyPlaceholder')}
        onChange={(event) => {
          setText(event.target.value);
          seenInbound.current = conversation.last_inbound_at;
          setAsking(false);
          onTyping();
          readTrigger();
        }}
        onSelect={readTrigger}
        onBlur={() => setTimeout(() => setTrigger(null), 150)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        className="block min-h-14 w-full resize-none overflow-y-auto bg-transparent px-3 py-2 text-14 outline-none focus-visible:outline-none"
      />
      {resolved.used.length > 0 || resolved.missing.length > 0 ? (
        <VariablePreview text={resolved.text} missing={resolved.missing} />
      ) : null}
      <ComposerToolbar
        isNote={isNote}
        length={length}
        limits={limits}
        window={window}
        sendable={sendable}
        uploading={tray.uploading}
        onFiles={(files) => tray.add(files)}
        onInsert={insertAtCaret}
        onStartTrigger={(start) => {
          insertAtCaret(text === '' || /\s$/.test(text) ? start : ` ${start}`);
          requestAnimationFrame(readTrigger);
        }}
        onSend={submit}
      />
    </div>
  );
}

/** What the customer will read in place of the variables. */
function VariablePreview({ text, missing }: { text: string; missing: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <p className="mx-3 mb-1 rounded-control bg-sunken px-2 py-1 text-12 text-ink-2" aria-live="polite">
      <span className="font-medium text-ink-3">{t('inbox.composer.preview')}</span>{' '}
      <bdi className="whitespace-pre-wrap">{text}</bdi>
      {missing.length === 0 ? null : (
        <span className="block text-danger-ink">
          {t('inbox.composer.missingVariable', {
            names: missing.map((name) => `{{${name}}}`).join(', '),
            interpolation: { skipOnVariables: true },
          })}
        </span>
      )}
    </p>
  );
}
