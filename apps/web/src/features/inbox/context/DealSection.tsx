import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ChevronDown, Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { ApiFailure, asFailure, unwrap } from '#api/failure.ts';
import { keys } from '#api/queryKeys.ts';
import { useMe } from '#app/session/sessionContext.ts';
import { IconButton } from '#design/IconButton.tsx';
import { Menu, MenuRadio } from '#design/Menu.tsx';
import { useNotify } from '#design/useNotify.ts';
import { useFormat } from '#i18n/useFormat.ts';
import { listAt, textAt } from '../model/metadata.ts';
import { PanelEmpty, PanelSection } from './PanelSection.tsx';

export interface Stage {
  id: string;
  name: string;
  kind: string;
}
interface DealRow {
  id: string;
  title: string;
  value: number;
  currency: string;
  stage: string;
  status: string;
  pipeline_id: string | null;
  expected_close_date: string | null;
}

const NewDealForm = lazy(() => import('./NewDealForm.tsx'));

/** Pipelines of the workspace with their stages in order. */
export function usePipelines() {
  const api = useApi();
  const me = useMe();
  return useQuery({
    queryKey: keys.pipelines,
    staleTime: 5 * 60_000,
    enabled: me.can('can_access_crm'),
    queryFn: async ({ signal }) => {
      const rows = unwrap(
        await api
          .from('pipelines')
          .select('id,name,stages,is_default')
          .order('is_default', { ascending: false })
          .abortSignal(signal),
      );
      return rows.map((row) => ({ id: row.id, name: row.name, stages: readStages(row.stages) }));
    },
  });
}

function readStages(stages: Parameters<typeof listAt>[0]): Stage[] {
  return listAt({ stages }, 'stages').map((stage) => ({
    id: textAt(stage, 'id') ?? '',
    name: textAt(stage, 'name') ?? '',
    kind: textAt(stage, 'kind') ?? 'open',
  }));
}

/** The open deal of this person with its stage, which moves from here. */
export function DealSection({ contactId, conversationId }: { contactId: string; conversationId: string }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const api = useApi();
  const me = useMe();
  const queryClient = useQueryClient();
  const { data: pipelines = [] } = usePipelines();
  const [adding, setAdding] = useState(false);
  const allowed = me.can('can_access_crm');
  const { data: deals, isPending } = useQuery({
    queryKey: keys.contactDeals(contactId),
    enabled: allowed,
    queryFn: async ({ signal }): Promise<DealRow[]> =>
      unwrap(
        await api
          .from('deals')
          .select('id,title,value,currency,stage,status,pipeline_id,expected_close_date')
          .eq('contact_id', contactId)
          .eq('status', 'OPEN')
          .order('created_at', { ascending: false })
          .limit(10)
          .abortSignal(signal),
      ),
  });

  const move = async (deal: DealRow, stage: Stage) => {
    const key = keys.contactDeals(contactId);
    const before = deal.stage;
    const set = (to: string) =>
      queryClient.setQueryData<DealRow[]>(key, (rows) =>
        rows?.map((row) => (row.id === deal.id ? { ...row, stage: to } : row)),
      );
    const write = async (to: string) => {
      set(to);
      const rows = unwrap(await api.from('deals').update({ stage: to }).eq('id', deal.id).select('id'));
      if (rows.length === 0) throw new ApiFailure('denied', t('inbox.action.notAllowed'));
    };
    try {
      await write(stage.id);
      notify.undo(t('inbox.deal.moved', { title: deal.title, stage: stage.name }), {
        label: t('action.undo'),
        run: () => void write(before).finally(() => void queryClient.invalidateQueries({ queryKey: key })),
      });
    } catch (thrown) {
      set(before);
      notify.failure(t('inbox.deal.moveFailed'), {
        reason: asFailure(thrown).message,
        retry: { label: t('action.retry'), run: () => void move(deal, stage) },
      });
    }
    void queryClient.invalidateQueries({ queryKey: key });
  };

  return (
    <PanelSection
      id="deal"
      title={t('inbox.deal.title')}
      action={
        allowed ? (
          <IconButton
            size="sm"
            label={t('inbox.deal.create')}
            icon={<Plus className="icon-14" />}
            onClick={() => setAdding(true)}
          />
        ) : null
      }
    >
      {adding ? (
        <Suspense fallback={null}>
          <NewDealForm
            contactId={contactId}
            conversationId={conversationId}
            pipelines={pipelines}
            onDone={() => setAdding(false)}
          />
        </Suspense>
      ) : null}
      {!allowed ? (
        <PanelEmpty>{t('inbox.deal.denied')}</PanelEmpty>
      ) : isPending || adding ? null : deals === undefined || deals.length === 0 ? (
        <PanelEmpty>{t('inbox.deal.none')}</PanelEmpty>
      ) : null}
      <ul className="flex flex-col gap-2">
        {(deals ?? []).map((deal) => (
          <Deal
            key={deal.id}
            deal={deal}
            stages={pipelines.find((pipeline) => pipeline.id === deal.pipeline_id)?.stages ?? []}
            onMove={(stage) => void move(deal, stage)}
          />
        ))}
      </ul>
    </PanelSection>
  );
}

function Deal({ deal, stages, onMove }: { deal: DealRow; stages: readonly Stage[]; onMove: (stage: Stage) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const current = stages.find((stage) => stage.id === deal.stage);
  const open = stages.filter((stage) => stage.kind === 'open');
  const at = open.findIndex((stage) => stage.id === deal.stage);
  return (
    <li className="flex flex-col gap-1">
      <p className="flex items-baseline gap-2">
        <span dir="auto" className="line-1 flex-1 font-medium page-side">
          {deal.title}
        </span>
        <span className="tabular">{format.money(deal.value, deal.currency)}</span>
      </p>
      <Menu
        label={t('inbox.deal.stage')}
        trigger={
          <button
            type="button"
            aria-label={t('inbox.deal.stageOf', { title: deal.title, stage: current?.name ?? deal.stage })}
            className="-mx-1.5 flex h-8 items-center gap-2 rounded-control px-1.5 text-12 hover:bg-hover data-[state=open]:bg-hover"
          >
            <span aria-hidden="true" className="flex flex-1 gap-0.5">
              {open.map((stage, index) => (
                <span
                  key={stage.id}
                  className={`h-1 flex-1 rounded-full ${index <= at ? 'bg-accent' : 'bg-pressed'}`}
                />
              ))}
            </span>
            <bdi className="line-1 text-ink-2">{current?.name ?? deal.stage}</bdi>
            <ChevronDown className="text-ink-3 icon-14" />
          </button>
        }
      >
        <MenuRadio
          value={deal.stage}
          onChange={(id) => {
            const stage = stages.find((one) => one.id === id);
            if (stage !== undefined) onMove(stage);
          }}
          options={stages.map((stage) => ({ value: stage.id, label: <bdi>{stage.name}</bdi> }))}
        />
      </Menu>
    </li>
  );
}
