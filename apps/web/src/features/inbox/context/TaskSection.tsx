import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CalendarCheck, CalendarClock, Circle, CircleAlert, Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { asFailure, succeed, unwrap } from '#api/failure.ts';
import { keys } from '#api/queryKeys.ts';
import { useNow } from '#app/clock/useNow.ts';
import { useMe, useTimeZone } from '#app/session/sessionContext.ts';
import { Button } from '#design/Button.tsx';
import { Checkbox } from '#design/Checkbox.tsx';
import { IconButton } from '#design/IconButton.tsx';
import { Input } from '#design/Input.tsx';
import { useNotify } from '#design/useNotify.ts';
import { daysBetween } from '#i18n/time.ts';
import { useFormat } from '#i18n/useFormat.ts';
import { PanelEmpty, PanelSection } from './PanelSection.tsx';

interface TaskRow {
  id: string;
  title: string;
  due_date: string | null;
}

/** What is due next for this person: overdue, today, later and undated differ in shape as well as in colour. */
export function TaskSection({ contactId, conversationId }: { contactId: string; conversationId: string }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const api = useApi();
  const me = useMe();
  const queryClient = useQueryClient();
  const [adding, setAdding] = useState(false);
  const allowed = me.can('can_access_tasks');
  const key = keys.contactTasks(contactId);
  const { data: tasks, isPending } = useQuery({
    queryKey: key,
    enabled: allowed,
    queryFn: async ({ signal }): Promise<TaskRow[]> =>
      unwrap(
        await api
          .from('tasks')
          .select('id,title,due_date')
          .eq('contact_id', contactId)
          .eq('completed', false)
          .order('due_date', { ascending: true, nullsFirst: false })
          .limit(10)
          .abortSignal(signal),
      ),
  });

  const complete = async (task: TaskRow, completed: boolean) => {
    queryClient.setQueryData<TaskRow[]>(key, (rows) =>
      completed ? rows?.filter((row) => row.id !== task.id) : [...(rows ?? []), task],
    );
    try {
      succeed(await api.from('tasks').update({ completed }).eq('id', task.id));
      if (completed)
        notify.undo(t('inbox.task.done', { title: task.title }), {
          label: t('action.undo'),
          run: () => void complete(task, false),
        });
    } catch (thrown) {
      notify.failure(t('inbox.task.failed'), {
        reason: asFailure(thrown).message,
        retry: { label: t('action.retry'), run: () => void complete(task, completed) },
      });
    }
    void queryClient.invalidateQueries({ queryKey: key });
  };

  return (
    <PanelSection
      id="task"
      title={t('inbox.task.title')}
      action={
        allowed ? (
          <IconButton
            size="sm"
            label={t('inbox.task.create')}
            icon={<Plus className="icon-14" />}
            onClick={() => setAdding(true)}
          />
        ) : null
      }
    >
      {adding ? (
        <NewTask contactId={contactId} conversationId={conversationId} onDone={() => setAdding(false)} />
      ) : null}
      {!allowed ? (
        <PanelEmpty>{t('inbox.task.denied')}</PanelEmpty>
      ) : isPending || adding ? null : tasks === undefined || tasks.length === 0 ? (
        <PanelEmpty>{t('inbox.task.none')}</PanelEmpty>
      ) : null}
      <ul>
        {(tasks ?? []).map((task) => (
          <li key={task.id} className="flex min-h-8 items-center gap-2.5">
            <Checkbox
              aria-label={t('inbox.task.complete', { title: task.title })}
              checked={false}
              onCheckedChange={() => void complete(task, true)}
            />
            <span dir="auto" className="line-1 flex-1 page-side">
              {task.title}
            </span>
            <Due date={task.due_date} />
          </li>
        ))}
      </ul>
    </PanelSection>
  );
}

function Due({ date }: { date: string | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const timeZone = useTimeZone();
  const base = 'flex shrink-0 items-center gap-1 text-12 icon-14 tabular';
  if (date === null) {
    return (
      <span className={`${base} text-ink-3`}>
        <Circle />
        {t('inbox.task.undated')}
      </span>
    );
  }
  const due = new Date(date);
  const today = daysBetween(now, due, timeZone) === 0;
  const overdue = due.getTime() < now.getTime() && !today;
  return (
    <span
      className={`${base} ${overdue ? 'text-danger-ink' : today ? 'text-success-ink' : 'text-ink-3'}`}
      title={format.exact(date)}
    >
      {overdue ? <CircleAlert /> : today ? <CalendarCheck /> : <CalendarClock />}
      {overdue ? t('inbox.task.overdue', { ago: format.ago(date, now) }) : today ? t('time.today') : format.date(date)}
    </span>
  );
}

function NewTask({
  contactId,
  conversationId,
  onDone,
}: {
  contactId: string;
  conversationId: string;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const notify = useNotify();
  const api = useApi();
  const me = useMe();
  const queryClient = useQueryClient();
  const [title, setTitle] = useState('');
  const [due, setDue] = useState('');
  const create = useMutation({
    mutationFn: async () =>
      succeed(
        await api.from('tasks').insert({
          title: title.trim(),
          contact_id: contactId,
          conversation_id: conversationId,
          assignee_id: me.id,
          due_date: due === '' ? null : new Date(due).toISOString(),
        }),
      ),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.contactTasks(contactId) });
      onDone();
    },
    onError: (thrown) => notify.failure(t('inbox.task.failed'), { reason: asFailure(thrown).message }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (title.trim() !== '') create.mutate();
  };
  return (
    <form onSubmit={submit} className="mb-2 flex flex-col gap-2">
      <Input
        aria-label={t('inbox.task.name')}
        placeholder={t('inbox.task.name')}
        value={title}
        maxLength={300}
        onChange={(event) => setTitle(event.target.value)}
      />
      <div className="flex gap-2">
        <Input
          aria-label={t('inbox.task.due')}
          type="datetime-local"
          dir="ltr"
          value={due}
          onChange={(event) => setDue(event.target.value)}
        />
        <Button tone="primary" type="submit" busy={create.isPending} disabled={title.trim() === ''}>
          {t('inbox.task.add')}
        </Button>
        <Button tone="ghost" onClick={onDone}>
          {t('action.cancel')}
        </Button>
      </div>
    </form>
  );
}
