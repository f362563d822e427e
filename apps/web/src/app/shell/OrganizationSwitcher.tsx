import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ChevronsUpDown } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { asFailure, succeed, unwrap } from '#api/failure.ts';
import { keys } from '#api/queryKeys.ts';
import { cx } from '#design/cx.ts';
import { initials, tintOf } from '#design/initials.ts';
import { Menu, MenuRadio } from '#design/Menu.tsx';
import { notifyFailure } from '#design/notify.ts';
import { useMe } from '../session/sessionContext.ts';

/** The workspace one is in, and the way to the others. */
export function OrganizationSwitcher({ narrow }: { narrow: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const api = useApi();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const { data: organizations = [] } = useQuery({
    queryKey: keys.organizations,
    queryFn: async () => unwrap(await api.rpc('my_organizations')),
    enabled: open,
  });
  const shown = organizations.length > 0 ? organizations : [{ id: me.organization.id, name: me.organization.name, role: me.role }];

  const change = async (id: string) => {
    if (id === me.organization.id) return;
    try {
      succeed(await api.rpc('switch_organization', { p_organization_id: id }));
      await api.auth.refreshSession();
      await navigate({ to: '/inbox/{-$conversationId}' });
      // Nothing of one workspace may linger in another.
      queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== 'me' });
      await queryClient.invalidateQueries({ queryKey: keys.me });
    } catch (thrown) {
      notifyFailure(t('shell.switchFailed'), { reason: asFailure(thrown).message });
    }
  };

  return (
    <Menu
      open={open}
      onOpenChange={setOpen}
      label={t('shell.workspaces')}
      trigger={
        <button
          type="button"
          aria-label={t('shell.workspace', { name: me.organization.name })}
          className={cx(
            'flex shrink-0 items-center gap-2 rounded-control text-start hover:bg-hover data-[state=open]:bg-hover',
            narrow ? 'mb-1 size-9 justify-center' : 'h-10 px-2',
          )}
        >
          <Mark id={me.organization.id} name={me.organization.name} />
          {narrow ? null : (
            <>
              <span className="line-1 flex-1 font-strong" dir="auto">
                {me.organization.name}
              </span>
              <ChevronsUpDown className="icon-14 text-ink-3" />
            </>
          )}
        </button>
      }
    >
      <MenuRadio
        label={t('shell.workspaces')}
        value={me.organization.id}
        onChange={(id) => void change(id)}
        options={shown.map((organization) => ({
          value: organization.id,
          icon: <Mark id={organization.id} name={organization.name} />,
          label: <span dir="auto">{organization.name}</span>,
        }))}
      />
    </Menu>
  );
}

function Mark({ id, name }: { id: string; name: string }) {
  const tint = String(tintOf(id));
  return (
    <span
      aria-hidden="true"
      className="flex size-6 shrink-0 items-center justify-center rounded-control text-11 font-strong"
      style={{ backgroundColor: `var(--tint-${tint}-ink)`, color: `var(--tint-${tint})` }}
    >
      {initials(name).slice(0, 1)}
    </span>
  );
}
