import { useQueryClient } from '@tanstack/react-query';
import { MessageSquareText } from 'lucide-react';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { isApple, keyLabels } from '#app/commands/keyStroke.ts';
import { useBindings, useCommandList } from '#app/commands/useCommands.ts';
import { FailureState } from '#app/errors/ScreenError.tsx';
import { columnLimits } from '#app/preferences/preferences.ts';
import { usePreference } from '#app/preferences/usePreferences.ts';
import { useMe } from '#app/session/sessionContext.ts';
import { CONTEXT_COLUMN, ONE_PANE, useMediaQuery } from '#app/useMediaQuery.ts';
import { EmptyState } from '#design/EmptyState.tsx';
import { Kbd } from '#design/Kbd.tsx';
import { ResizeHandle } from '#design/ResizeHandle.tsx';
import type { PickerKind } from './actions/PickerDialog.tsx';
import { useConversationActions } from './actions/useConversationActions.ts';
import { createDraftStore, type DraftMode } from './composer/draftStore.ts';
import { DraftContext } from './composer/useDrafts.ts';
import { useInboxLocation } from './filter/useInboxLocation.ts';
import { ListPane } from './list/ListPane.tsx';
import { useConversationRows } from './list/useConversationRows.ts';
import type { ConversationItem } from './model/conversation.ts';
import { ThreadSkeleton } from './thread/ThreadSkeleton.tsx';
import { messagesQuery } from './thread/threadQueries.ts';
import { useConversation } from './thread/useConversation.ts';
import { focusComposer, useInboxCommands } from './useInboxCommands.tsx';

// The list is there first; the rest comes when a conversation is opened, or is about to be.
const loadThread = () => import('./thread/ThreadPane.tsx').then((module) => ({ default: module.ThreadPane }));
const loadContext = () => import('./context/ContextPanel.tsx').then((module) => ({ default: module.ContextPanel }));
const ThreadPane = lazy(loadThread);
const ContextPanel = lazy(loadContext);
const Drawer = lazy(() => import('#design/Drawer.tsx').then((module) => ({ default: module.Drawer })));
const PickerDialog = lazy(() => import('./actions/PickerDialog.tsx'));
const NewConversationDialog = lazy(() => import('./NewConversationDialog.tsx'));

/**
 * The thread's code comes with the first movement of a hand: by the time it has chosen a conversation, it is here. For
 * an address that names a conversation, code and messages start on their way together with the conversation itself.
 */
function usePreparedThread(conversationId: string | null): void {
  const api = useApi();
  const queryClient = useQueryClient();
  useEffect(() => {
    const prepare = () => {
      void loadThread();
      void loadContext();
    };
    if (conversationId !== null) {
      prepare();
      void queryClient.prefetchInfiniteQuery(messagesQuery(api, conversationId));
      return;
    }
    const once = { once: true };
    window.addEventListener('pointermove', prepare, once);
    window.addEventListener('pointerdown', prepare, once);
    window.addEventListener('keydown', prepare, once);
    return () => {
      window.removeEventListener('pointermove', prepare);
      window.removeEventListener('pointerdown', prepare);
      window.removeEventListener('keydown', prepare);
    };
  }, [api, queryClient, conversationId]);
}

/** The inbox: list, thread and the person one talks to, side by side where there is room. */
export function InboxPage() {
  const api = useApi();
  const me = useMe();
  const [drafts] = useState(() => createDraftStore(api, me.id, window.localStorage));
  useEffect(() => {
    void drafts.load();
  }, [drafts]);
  return (
    <DraftContext value={drafts}>
      <Inbox />
    </DraftContext>
  );
}

function Inbox() {
  const { t } = useTranslation();
  const { filter, query, conversationId, open } = useInboxLocation();
  const current = useConversation(conversationId);
  const item = conversationId === null ? undefined : current.data;
  const list = useConversationRows(filter, query, item);
  const actions = useConversationActions();
  usePreparedThread(conversationId);
  const onePane = useMediaQuery(ONE_PANE);
  const contextColumn = useMediaQuery(CONTEXT_COLUMN);
  const [listWidth, setListWidth] = usePreference('listWidth');
  const [contextWidth, setContextWidth] = usePreference('contextWidth');
  const [contextOpen, setContextOpen] = usePreference('contextOpen');
  const [drawerOpen, setDrawerOpen] = useState(false);
  const [mode, setMode] = useState<DraftMode>('reply');
  const [picker, setPicker] = useState<{ kind: PickerKind; id: string } | null>(null);
  const [creating, setCreating] = useState(false);
  const cursor = useCursor(list.rows, conversationId, item);

  const { rows } = list;
  const closeAndNext = useCallback(() => {
    const { target } = cursor;
    if (target === undefined) return;
    const at = rows.findIndex((row) => row.id === target.id);
    const next = rows[at + 1] ?? rows[at - 1];
    actions.close(target);
    cursor.set(next?.id ?? null);
    open(next?.id ?? null);
  }, [cursor, rows, actions, open]);

  const toggleContext = useCallback(() => {
    if (contextColumn) setContextOpen(!contextOpen);
    else setDrawerOpen((now) => !now);
  }, [contextColumn, contextOpen, setContextOpen]);
  const write = useCallback((next: DraftMode) => {
    setMode(next);
    focusComposer();
  }, []);
  const pick = useCallback(
    (kind: PickerKind) => {
      if (cursor.target !== undefined) setPicker({ kind, id: cursor.target.id });
    },
    [cursor.target],
  );
  const openCursor = useCallback(() => {
    if (cursor.id !== null) open(cursor.id);
  }, [cursor.id, open]);
  const newConversation = useCallback(() => setCreating(true), []);

  useInboxCommands({
    target: cursor.target,
    hasOpen: item !== undefined,
    actions,
    move: cursor.move,
    openCursor,
    pick,
    closeAndNext,
    write,
    toggleContext,
    newConversation,
  });

  const showList = !onePane || conversationId === null;
  const showThread = !onePane || conversationId !== null;
  const showContext = item !== undefined && contextColumn && contextOpen;
  const pickerItem =
    picker === null
      ? undefined
      : (rows.find((row) => row.id === picker.id) ?? (item?.id === picker.id ? item : undefined));

  return (
    <main className="flex h-full min-w-0" aria-label={t('shell.inbox')}>
      {showList ? (
        <div className="h-full min-w-80 shrink max-md:w-full" style={onePane ? undefined : { inlineSize: listWidth }}>
          <ListPane
            list={list}
            cursorId={cursor.id}
            onCursor={cursor.set}
            onMove={cursor.move}
            onNew={newConversation}
          />
        </div>
      ) : null}
      {onePane ? null : (
        <ResizeHandle
          label={t('inbox.resizeList')}
          width={listWidth}
          {...columnLimits.list}
          grows="start"
          onResize={setListWidth}
          onReset={() => setListWidth(columnLimits.list.initial)}
        />
      )}
      {showThread ? (
        <div className="h-full min-w-0 flex-1 border-line bg-surface md:min-w-96 md:border-s min-[1176px]:min-w-120">
          {conversationId === null ? (
            rows.length === 0 ? null : (
              <NothingOpen />
            )
          ) : item !== undefined ? (
            <Suspense fallback={<ThreadFallback />}>
              <ThreadPane
                key={item.id}
                item={item}
                actions={actions}
                mode={mode}
                onMode={setMode}
                onBack={() => open(null)}
                onCloseAndNext={closeAndNext}
                contextOpen={contextColumn ? contextOpen : drawerOpen}
                onToggleContext={toggleContext}
              />
            </Suspense>
          ) : current.error !== null ? (
            <FailureState error={current.error} onRetry={() => void current.refetch()} />
          ) : (
            <ThreadFallback />
          )}
        </div>
      ) : null}
      {showContext ? (
        <>
          <ResizeHandle
            label={t('inbox.resizeContext')}
            width={contextWidth}
            {...columnLimits.context}
            grows="end"
            onResize={setContextWidth}
            onReset={() => setContextWidth(columnLimits.context.initial)}
          />
          <div className="h-full min-w-70 shrink border-s border-line" style={{ inlineSize: contextWidth }}>
            <Suspense fallback={null}>
              <ContextPanel item={item} onClose={() => setContextOpen(false)} />
            </Suspense>
          </div>
        </>
      ) : null}
      {item === undefined || contextColumn || !drawerOpen ? null : (
        <Suspense fallback={null}>
          <Drawer open={drawerOpen} onOpenChange={setDrawerOpen} title={t('inbox.context.label')}>
            <Suspense fallback={null}>
              <ContextPanel item={item} onClose={() => setDrawerOpen(false)} />
            </Suspense>
          </Drawer>
        </Suspense>
      )}
      {picker === null || pickerItem === undefined ? null : (
        <Suspense fallback={null}>
          <PickerDialog kind={picker.kind} item={pickerItem} actions={actions} onDone={() => setPicker(null)} />
        </Suspense>
      )}
      {creating ? (
        <Suspense fallback={null}>
          <NewConversationDialog
            onClose={() => setCreating(false)}
            onStarted={(id) => {
              setCreating(false);
              open(id);
              write('reply');
            }}
          />
        </Suspense>
      ) : null}
    </main>
  );
}

/** The row that keys act on: moved by J and K, taken along by opening a conversation. */
function useCursor(rows: readonly ConversationItem[], openId: string | null, item: ConversationItem | undefined) {
  const [id, set] = useState<string | null>(openId);
  const lastOpen = useRef(openId);
  useEffect(() => {
    if (lastOpen.current === openId) return;
    lastOpen.current = openId;
    if (openId !== null) set(openId);
  }, [openId]);

  const move = useCallback(
    (step: 1 | -1) => {
      const at = rows.findIndex((row) => row.id === (id ?? openId));
      const next = at === -1 ? rows[0] : rows[Math.min(rows.length - 1, Math.max(0, at + step))];
      if (next === undefined) return;
      set(next.id);
      // After the list has brought the row into sight.
      setTimeout(
        () => document.querySelector<HTMLElement>(`[data-conversation="${next.id}"]`)?.focus({ preventScroll: true }),
        30,
      );
    },
    [rows, id, openId],
  );
  const target = useMemo(() => rows.find((row) => row.id === id) ?? item, [rows, id, item]);
  return useMemo(() => ({ id, set, move, target }), [id, move, target]);
}

function ThreadFallback() {
  return (
    <div className="flex h-full flex-col">
      <div className="h-12 border-b border-line" />
      <ThreadSkeleton />
    </div>
  );
}

function NothingOpen() {
  const { t } = useTranslation();
  const commands = useCommandList();
  const bindingsOf = useBindings();
  const taught = ['list.next', 'list.open', 'list.search', 'palette'];
  return (
    <EmptyState reason="choose" icon={<MessageSquareText />} title={t('inbox.choose.title')}>
      <p>{t('inbox.choose.text')}</p>
      <ul className="mx-auto mt-4 grid w-fit gap-1.5 text-start text-12 max-md:hidden">
        {taught.map((id) => {
          const command = commands.find((one) => one.id === id);
          const binding = command === undefined ? undefined : bindingsOf(command)[0];
          return command === undefined || binding === undefined ? null : (
            <li key={id} className="flex items-center gap-3">
              <Kbd keys={keyLabels(binding, isApple())} className="w-14 justify-end" />
              {command.title}
            </li>
          );
        })}
      </ul>
    </EmptyState>
  );
}
