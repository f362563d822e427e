import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { asFailure, succeed, unwrap } from '#api/failure.ts';
import { keys } from '#api/queryKeys.ts';
import type { DeferredMenuProps } from '#design/DeferredMenu.tsx';
import { Menu, MenuRadio } from '#design/Menu.tsx';
import { useNotify } from '#design/useNotify.ts';
import { useMe } from '../session/sessionContext.ts';
import { WorkspaceMark } from './WorkspaceMark.tsx';

/** The workspaces one belongs to. */
export default function OrganizationMenu({ trigger, open, onOpenChange }: DeferredMenuProps) {
  const { t } = useTranslation();
  const notify = useNotify();
  const me = useMe();
  const api = useApi();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { data: organizations = [] } = useQuery({
    queryKey: keys.organizations,
    queryFn: async () => unwrap(await api.rpc('my_organizations')),
    enabled: open,
  });
  const shown =
    organizations.length > 0 ? organizations : [{ id: me.organization.id, name: me.organization.name, role: me.role }];

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
      notify.failure(t('shell.switchFailed'), { reason: asFailure(thrown).message });
    }
  };

  return (
    <Menu open={open} onOpenChange={onOpenChange} label={t('shell.workspaces')} trigger={trigger}>
      <MenuRadio
        label={t('shell.workspaces')}
        value={me.organization.id}
        onChange={(id) => void change(id)}
        options={shown.map((organization) => ({
          value: organization.id,
          icon: <WorkspaceMark id={organization.id} name={organization.name} />,
          label: <span dir="auto">{organization.name}</span>,
        }))}
      />
    </Menu>
  );
}
